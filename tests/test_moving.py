"""Moving house: the statistics of another integration go in front of ours."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .conftest import START, Simulate, async_set_up, make_entry
from .imports import (
    HOUR,
    async_bring,
    async_changes,
    async_live_on,
    async_rows,
    async_settle,
    sensor,
    with_all_recorded,
)
from .options import choose, open_options
from .past import BERLIN

move = partial(async_bring, of="entity_id")

pytestmark = pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations")

OLD = "sensor.old_inverter_solar"
# What the old sensor has counted in each hour, in kWh, the oldest first.
GAINS = [0.5, 1.0, 0.0, 2.25, 1.5, 0.75]


@pytest.fixture
async def ours(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> str:
    """Return our sensor, which has counted for two hours."""
    await async_set_up(hass, make_entry(await simulate()))
    await async_live_on(hass, freezer, minutes=125)
    return sensor(hass, "pv_energy")


async def put(
    hass: HomeAssistant,
    rows: list[StatisticData],
    *,
    entity_id: str = OLD,
    unit: str | None = "kWh",
    unit_class: str | None = "energy",
    means: bool = False,
) -> None:
    """Give another sensor statistics."""
    kind = {True: StatisticMeanType.ARITHMETIC, False: StatisticMeanType.NONE}[means]
    async_import_statistics(
        hass,
        StatisticMetaData(
            mean_type=kind,
            has_sum=not means,
            name=None,
            source="recorder",
            statistic_id=entity_id,
            unit_class=unit_class,
            unit_of_measurement=unit,
        ),
        rows,
    )
    await async_settle(hass)


def sums(
    *, until: datetime = START, scale: float = 1.0, begun: float = 0.0
) -> list[StatisticData]:
    """Return the hours of the old sensor up to a moment."""
    rows, total = [], begun
    for index, gain in enumerate(GAINS):
        total += gain
        start = until - (len(GAINS) - index) * HOUR
        rows.append(StatisticData(start=start, state=gain, sum=total * scale))
    return rows


@pytest.mark.parametrize(
    ("unit", "scale"), [("kWh", 1.0), ("Wh", 1000.0), ("MWh", 0.001)]
)
async def test_sums(hass: HomeAssistant, ours: str, unit: str, scale: float) -> None:
    """Each hour adds what it has added there, in the unit of ours, and ours stay."""
    before = await async_rows(hass, ours)
    await put(hass, sums(scale=scale), unit=unit)
    told = await move(hass, ours, source_entity=OLD)
    assert told == {
        "source": OLD,
        "hours": 6,
        "first": (START - 6 * HOUR).isoformat(),
        "last": (START - HOUR).isoformat(),
        "begins": START.isoformat(),
    }
    changes = await async_changes(hass, ours)
    assert [changes[START - n * HOUR] for n in range(6, 0, -1)] == pytest.approx(GAINS)
    after = await async_rows(hass, ours)
    assert {at: after[at]["sum"] for at in before} == {
        at: row["sum"] for at, row in before.items()
    }
    # What ours has counted in its first hour, nobody else knows better.
    assert {at: changes[at] for at in before} == pytest.approx(
        {at: row["change"] for at, row in before.items()}
    )
    assert await move(hass, ours, source_entity=OLD)
    assert await async_changes(hass, ours) == changes


async def test_side_by_side(hass: HomeAssistant, ours: str) -> None:
    """Where both were there for a while, the other one knows our first hour whole."""
    await put(hass, sums(until=START + 2 * HOUR))
    before = await async_rows(hass, ours)
    await move(hass, ours, source_entity=OLD)
    changes = await async_changes(hass, ours)
    past = [START - n * HOUR for n in range(4, 0, -1)]
    assert [changes[at] for at in past] == pytest.approx(GAINS[:4])
    assert changes[START] == pytest.approx(GAINS[4])
    later = START + HOUR
    assert changes[later] == pytest.approx(before[later]["change"])


async def test_first_hour(hass: HomeAssistant, ours: str) -> None:
    """A first hour that stands for all that was before is not counted."""
    await put(hass, sums(begun=8000.0))
    await move(hass, ours, source_entity=OLD)
    changes = await async_changes(hass, ours)
    past = [START - n * HOUR for n in range(6, 0, -1)]
    assert [changes[at] for at in past if at in changes] == pytest.approx(GAINS[1:])


async def test_undo(hass: HomeAssistant, ours: str) -> None:
    """What was put there is taken away, and only that."""
    before = await async_rows(hass, ours)
    await put(hass, sums())
    assert await move(hass, ours, undo=True) == {"undone": False}
    await move(hass, ours, source_entity=OLD)
    assert len(await async_rows(hass, ours)) == len(before) + 6
    assert await move(hass, ours, undo=True) == {"undone": True}
    assert await async_rows(hass, ours) == before
    assert len(await async_rows(hass, OLD)) == 6


async def test_undo_after_a_restart(hass: HomeAssistant, ours: str) -> None:
    """What was there first is remembered."""
    before = await async_rows(hass, ours)
    await put(hass, sums())
    await move(hass, ours, source_entity=OLD)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_reload(entry.entry_id)
    await async_settle(hass)
    assert await move(hass, ours, undo=True) == {"undone": True}
    assert await async_rows(hass, ours) == before


async def test_dry_run(hass: HomeAssistant, ours: str) -> None:
    """It is said how much there is, and nothing is done."""
    before = await async_rows(hass, ours)
    await put(hass, sums(until=START + 12 * HOUR))
    told = await move(hass, ours, source_entity=OLD, dry_run=True)
    assert (told["hours"], told["first"], told["last"]) == (0, None, None)
    assert await async_rows(hass, ours) == before


async def test_dry_run_of_some(hass: HomeAssistant, ours: str) -> None:
    """What would be put there is said as it will be, and nothing is done."""
    before = await async_rows(hass, ours)
    await put(hass, sums())
    told = await move(hass, ours, source_entity=OLD, dry_run=True)
    assert (told["hours"], told["last"]) == (6, (START - HOUR).isoformat())
    assert await async_rows(hass, ours) == before
    assert await move(hass, ours, undo=True) == {"undone": False}
    assert await move(hass, ours, source_entity=OLD) == told


def of_day(start: datetime) -> float:
    """Return what a counter of a day shows after an hour, at a kWh an hour."""
    end = (start + HOUR).astimezone(BERLIN)
    midnight = datetime.combine(start.astimezone(BERLIN).date(), time(), BERLIN)
    return (end.astimezone(UTC) - midnight.astimezone(UTC)) / HOUR


def of_lifetime(start: datetime) -> float:
    """Return what a counter shows after an hour that has run for years, at a kWh an hour."""
    return (start + HOUR - datetime(2025, 1, 1, tzinfo=UTC)) / HOUR


@pytest.mark.parametrize("shown", [of_day, of_lifetime])
@pytest.mark.parametrize(
    ("now", "length"),
    [
        (datetime(2026, 3, 30, 10, tzinfo=UTC), 23),
        (datetime(2026, 10, 26, 11, tzinfo=UTC), 25),
    ],
    ids=["spring", "autumn"],
)
async def test_change_of_clocks(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    now: datetime,
    length: int,
    shown: Callable[[datetime], float],
) -> None:
    """Of a counter of a day or of a lifetime each hour is there, and days are as long as they were."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(now)
    await async_set_up(hass, make_entry(await simulate()))
    await async_live_on(hass, freezer, minutes=65)
    ours = sensor(hass, "pv_energy")
    hours = [now - index * HOUR for index in range(72, 0, -1)]
    # Home Assistant adds up alike whatever the counter shows.
    rows = [
        StatisticData(start=at, state=shown(at), sum=float(index))
        for index, at in enumerate(hours, 1)
    ]
    await put(hass, rows)
    await move(hass, ours, source_entity=OLD)
    changes = await async_changes(hass, ours)
    assert {at: changes[at] for at in hours} == pytest.approx(dict.fromkeys(hours, 1.0))
    days = await async_rows(hass, ours, period="day")
    midnight = datetime.combine(
        now.astimezone(BERLIN).date() - timedelta(days=1), time(), BERLIN
    )
    assert days[midnight.astimezone(UTC)]["change"] == pytest.approx(length)


@with_all_recorded
async def test_means(hass: HomeAssistant, ours: str) -> None:
    """Means are taken as they are."""
    soc = sensor(hass, "battery_soc")
    rows = [
        StatisticData(start=START - 2 * HOUR, mean=50.0, min=40.0, max=60.0),
        StatisticData(start=START - HOUR, mean=70.0),
    ]
    await put(hass, rows, unit="%", unit_class="unitless", means=True)
    await move(hass, soc, source_entity=OLD)
    found = await async_rows(hass, soc)
    assert [
        (found[at]["mean"], found[at]["min"], found[at]["max"])
        for at in (START - 2 * HOUR, START - HOUR)
    ] == [(50, 40, 60), (70, 70, 70)]


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ({"unit": "%", "unit_class": "unitless"}, "statistics_differ"),
        ({"unit": None, "unit_class": None}, "statistics_differ"),
        ({"entity_id": "sensor.other"}, "no_statistics"),
    ],
)
async def test_does_not_fit(
    hass: HomeAssistant, ours: str, kind: dict[str, Any], problem: str
) -> None:
    """What cannot be added up is refused."""
    await put(hass, sums(), **kind)
    with pytest.raises(ServiceValidationError) as caught:
        await move(hass, ours, source_entity=OLD)
    assert caught.value.translation_key == problem


@pytest.mark.parametrize(
    ("target", "data", "problem"),
    [
        ("sensor.unknown", {"source_entity": OLD}, "not_ours"),
        ("sensor.fox_ess_kh8_status", {"source_entity": OLD}, "no_statistics"),
        ("sensor.fox_ess_kh8_pv_energy", {}, "no_source"),
    ],
)
async def test_refused(
    hass: HomeAssistant, ours: str, target: str, data: dict[str, Any], problem: str
) -> None:
    """Only sensors of ours that are recorded go on from others."""
    with pytest.raises(ServiceValidationError) as caught:
        await move(hass, target, **data)
    assert caught.value.translation_key == problem


RIVALS = [
    ("foxess", "SIMKH8000000001solar", "pv_energy"),
    ("foxess", "SIMKH8000000001bat-charge", "battery_energy_charged"),
    ("foxess", "SIMKH8000000001bat-discharge", "battery_energy_discharged"),
    ("foxess_modbus", "modbus_grid_consumption_energy_total", "grid_energy_imported"),
    ("foxess_modbus", "modbus_feed_in_energy_total", "grid_energy_exported"),
    ("foxess_control", "01ABC_charge_energy_total", "battery_energy_charged"),
    ("foxess_control", "01ABC_discharge_energy_total", "battery_energy_discharged"),
]


@pytest.mark.parametrize(("platform", "unique_id", "key"), RIVALS)
async def test_offer(
    hass: HomeAssistant, ours: str, platform: str, unique_id: str, key: str
) -> None:
    """Another integration's sensor is offered for the one that shows the same."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert isinstance(entry, MockConfigEntry)
    rival = er.async_get(hass).async_get_or_create("sensor", platform, unique_id)
    target = sensor(hass, key)
    await put(hass, sums(), entity_id=rival.entity_id)
    form = await choose(hass, await open_options(hass, entry), "move")
    said = dict(form["description_placeholders"] or {})
    assert said == {"pairs": f"\n- {target} ← {rival.entity_id}", "reason": ""}
    menu = await hass.config_entries.options.async_configure(form["flow_id"], {})
    assert menu["step_id"] == "init"
    assert "move" not in menu["menu_options"]
    await async_settle(hass)
    changes = await async_changes(hass, target)
    assert changes[START - 3 * HOUR] == pytest.approx(2.25)


async def test_unloaded(hass: HomeAssistant, ours: str) -> None:
    """Without a loaded account nothing is taken over."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert isinstance(entry, MockConfigEntry)
    er.async_get(hass).async_get_or_create("sensor", "foxess", "SIMKH8000000001solar")
    menu = await open_options(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    menu = await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "move"}
    )
    assert menu["menu_options"] == ["settings", "done"]


async def test_offer_of_this_device(hass: HomeAssistant, ours: str) -> None:
    """Where sensors name a device, the one of this device counts."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert isinstance(entry, MockConfigEntry)
    registry = er.async_get(hass)
    registry.async_get_or_create("sensor", "foxess", "ANOTHERsolar")
    rival = registry.async_get_or_create("sensor", "foxess", "SIMKH8000000001solar")
    form = await choose(hass, await open_options(hass, entry), "move")
    said = dict(form["description_placeholders"] or {})
    assert said["pairs"] == f"\n- {ours} ← {rival.entity_id}"
    # One that was never recorded cannot be taken over.
    form = await hass.config_entries.options.async_configure(form["flow_id"], {})
    assert form["errors"] == {"base": "not_done"}
    assert rival.entity_id in dict(form["description_placeholders"] or {})["reason"]
    assert START - timedelta(hours=1) not in await async_rows(hass, ours)
