"""What the cloud tells, typed, and what it means as readings."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.vendors.voltstorage.discovery import (
    inventory_of,
    state_of,
)
from custom_components.home_battery.vendors.voltstorage.errors import ShapeError
from custom_components.home_battery.vendors.voltstorage.intake import Intake
from custom_components.home_battery.vendors.voltstorage.ledger import (
    PRODUCT_ENERGIES,
    Ledger,
)
from custom_components.home_battery.vendors.voltstorage.login import expiry_of
from custom_components.home_battery.vendors.voltstorage.models import (
    Product,
    Sample,
    Timespan,
    buckets_in,
    latest_sample,
    streamed_sample,
)
from custom_components.home_battery.vendors.voltstorage.readings import (
    HOUSE_KEYS,
    Decoder,
)
from custom_components.home_battery.vendors.voltstorage.statistics import (
    house_means_of,
    means_of,
    slot_of,
)

NOW = datetime(2026, 6, 15, 10, tzinfo=UTC)
MEAN = {"nSamples": 1438}
# The documents' own example.
BUCKET: dict[str, Any] = {
    "timespan_start": 1584835200,
    "pv-total": 0,
    "pv-activity": 0,
    "consumption-total": 1538060,
    "storage-total-released": 22079844,
    "storage-total-stored": 21982919,
    "max-temperature": 35.9471,
    "own-consumption": {**MEAN, "value": 0},
    "electrolyte-temp": {**MEAN, "value": 34.1388342837275},
    "pump-temp": {**MEAN, "value": 38.67160097357442},
    "dc-capacity": {**MEAN, "value": 18154876.06536853},
    "ac-capacity": {**MEAN, "value": 15697997.574408904},
    "dc-efficiency": {**MEAN, "value": 0.9184715034770791},
    "ac-efficiency": {**MEAN, "value": 0.7138800556328048},
    "self-sufficiency": {"totalWeight": 1538060, "value": 0.455623577171242},
}

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "data", "time", "group", "errors", "value", "nSamples"]
            )
            | st.text(max_size=5),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


def test_statistics() -> None:
    """The example's values have units that people know."""
    (bucket,) = buckets_in([BUCKET])
    assert bucket.start == datetime(2020, 3, 22, tzinfo=UTC)
    assert means_of(bucket) == {
        "battery_capacity_usable": 5.043,
        "ac_capacity": 4.361,
        "dc_efficiency": 91.847,
        "ac_efficiency": 71.388,
        "electrolyte_temperature": 34.139,
        "pump_temperature": 38.672,
        "max_temperature": 35.947,
    }
    assert house_means_of(bucket) == {
        "self_sufficiency_rate_today": 45.562,
        "self_consumption_rate_today": 0,
    }
    slot = slot_of(bucket, Timespan.DAY)
    assert slot["battery_energy_discharged"] == 6.133
    assert slot["battery_energy_charged"] == 6.106
    assert slot["load_energy"] == 0.427


def test_means_of_nothing() -> None:
    """A mean without samples says nothing, nor does one that cannot be."""
    (bucket,) = buckets_in(
        [
            {
                **BUCKET,
                "dc-efficiency": {"nSamples": 0, "value": 0},
                "self-sufficiency": {"totalWeight": 0, "value": 0},
                "dc-capacity": {**MEAN, "value": 1e12},
                "pump-temp": 36.5,
                "ac-capacity": None,
            }
        ]
    )
    means = means_of(bucket)
    assert {"dc_efficiency", "battery_capacity_usable", "ac_capacity"}.isdisjoint(means)
    assert means["pump_temperature"] == 36.5
    assert "self_sufficiency_rate_today" not in house_means_of(bucket)


@pytest.mark.parametrize("answer", [None, {}, "text", [1], [{}], [{"x": 1}]])
def test_no_statistics(answer: Any) -> None:
    """What has another shape is not taken for statistics."""
    with pytest.raises(ShapeError):
        buckets_in(answer if answer != [1] else [{"timespan_start": None}])


@pytest.mark.parametrize(
    ("answer", "time"),
    [
        ({"time": 1575154800, "data": {"pvPower": 421, "dcVoltage": 26.3}}, 1575154800),
        ({"pvPower": 421, "dcVoltage": 26.3}, NOW.timestamp()),
    ],
)
def test_latest(answer: Any, time: float) -> None:
    """Both shapes of the latest data are read."""
    sample = latest_sample(answer, NOW)
    assert sample.values == {"pvPower": 421, "dcVoltage": 26.3}
    assert sample.time.timestamp() == time


@pytest.mark.parametrize("answer", [None, [], {}, {"data": {}}, {"error": "no"}])
def test_no_latest(answer: Any) -> None:
    """What has another shape is not taken for latest data."""
    with pytest.raises(ShapeError):
        latest_sample(answer, NOW)


@given(json)
def test_any_json(answer: Any) -> None:
    """Nothing that is JSON breaks anything."""
    streamed_sample(answer)
    for read in (buckets_in, lambda told: latest_sample(told, NOW)):
        try:
            read(answer)
        except ShapeError:
            continue
    for item in [answer] * isinstance(answer, dict):
        product = Product.parse(item)
        for found in [product] * (product is not None):
            assert found is not None
            state_of(found)
            inventory_of([found])


@given(st.dictionaries(st.text(max_size=8), st.floats() | st.text(max_size=8)))
def test_any_field(told: dict[str, Any]) -> None:
    """Any field is a reading or nothing, and never one that is known already."""
    values = Decoder({}).read(told)
    assert {key for key in values if not key.startswith("voltstorage_")} <= {
        *HOUSE_KEYS,
        *("battery_power", "battery_soc", "battery_voltage"),
    }
    soc = values.get("battery_soc", 0)
    assert isinstance(soc, int | float)
    assert 0 <= soc <= 100


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ([0.5, 0.611868, 1.0], [50, 61.187, 100]),
        ([1.002, 0.2], [100, 20]),
        ([45.5, 0.5, 1.0], [45.5, 0.5, 1.0]),
        ([0.3, 77.0, 0.9], [30, 77, 0.9]),
        ([-0.1, 101.0, 0.4], [None, None, 40]),
    ],
)
def test_soc(sent: list[float], shown: list[float | None]) -> None:
    """A fraction is one until more was seen, and that is remembered."""
    memory: dict[str, Any] = {}
    read = [Decoder(memory).read({"stateOfCharge": soc}) for soc in sent]
    assert [values.get("battery_soc") for values in read] == shown


@given(
    st.lists(
        st.tuples(st.integers(0, 5000), st.floats(-3000, 3000)), min_size=2, max_size=40
    ),
    st.data(),
)
def test_ledger_counts_each_moment_once(
    told: list[tuple[int, float]], data: st.DataObject
) -> None:
    """However often and in whatever order moments come, energies never fall or double."""
    moments = sorted(dict(told).items())
    once, often = Ledger({}, PRODUCT_ENERGIES), Ledger({}, PRODUCT_ENERGIES)
    for index, (at, power) in enumerate(moments):
        values = {"battery_power": power}
        once.count(NOW + timedelta(seconds=at), values)
        for again in data.draw(st.lists(st.integers(0, index), max_size=3)):
            earlier, then = moments[again]
            often.count(NOW + timedelta(seconds=earlier), {"battery_power": then})
        often.count(NOW + timedelta(seconds=at), values)
    one, other = once.record(), often.record()
    assert one is not None and other is not None
    for key in PRODUCT_ENERGIES:
        assert one.values[key] == other.values[key]


@given(st.lists(st.tuples(st.integers(0, 600), st.floats(0, 1)), max_size=30))
def test_intake_keeps_the_order(told: list[tuple[int, float]]) -> None:
    """What is live never goes back in time, whatever is told."""
    intake = Intake({})
    later = NOW + timedelta(hours=1)
    heard = [
        moment.time
        for at, soc in told
        if (
            moment := intake.live(
                Sample(time=NOW + timedelta(seconds=at), values={"stateOfCharge": soc}),
                later,
                streamed=True,
            )
        )
    ]
    assert heard == sorted(set(heard))
    due = [moment.time for moment in intake.due(later, None, answered=False)]
    assert due == sorted(set(due))
    assert not list(intake.due(later, None, answered=False))


@given(st.text())
def test_any_token(token: str) -> None:
    """Any text may be a token."""
    expiry_of(token)


def test_token_that_says_when_it_ends() -> None:
    """The end that a token tells is its end."""
    token = "x.eyJleHAiOjE1NzUxNTQ4MDB9.y"
    assert expiry_of(token) == datetime.fromtimestamp(1575154800, UTC)
    assert expiry_of("x.eyJleHAiOiJ4In0.y") is None
