"""The common schedule and the mode scheduler, through the form that travels."""

from datetime import time
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.errors import Problem, ScheduleError
from custom_components.home_battery.battery.schedule import (
    Period,
    Schedule,
    normalize,
    validate,
    with_defaults,
)
from custom_components.home_battery.vendors.foxess.models import Group, Scheduler
from custom_components.home_battery.vendors.foxess.schedule import (
    capabilities_of,
    decode,
    encode,
    word_of,
)

from . import wire

BARE: dict[str, Any] = {"maxGroupCount": 24, "groups": []}


@st.composite
def periods(draw: st.DrawFn) -> tuple[Period, ...]:
    """Return periods that fit into a day, one of which may cross midnight."""
    count = draw(st.integers(0, 4))
    edges = sorted(
        draw(st.sets(st.integers(0, 719), min_size=2 * count, max_size=2 * count))
    )
    turned = draw(st.booleans()) and count > 0
    edges = edges[1:] + edges[:1] if turned else edges
    return tuple(
        _period(draw, *pair) for pair in zip(edges[::2], edges[1::2], strict=True)
    )


def _period(draw: st.DrawFn, start: int, end: int) -> Period:
    """Return a period of any mode, with some numbers left open."""
    mode = draw(st.sampled_from(wire.MODES))
    forced = mode.startswith("Force")
    open_or = st.sampled_from
    return Period(
        start=time(start // 30, start % 30 * 2),
        end=time(end // 30, end % 30 * 2),
        mode=word_of(mode),
        power=draw(open_or([None, 1.0, 3000.0, 10500.0])) if forced else None,
        target_soc=draw(open_or([None, 60.0, 100.0])) if forced else None,
        min_soc=draw(open_or([None, 10.0, 55.0])),
    )


@pytest.mark.parametrize("version", wire.VERSIONS)
@given(st.data())
def test_what_is_written_is_read(version: int, data: st.DataObject) -> None:
    """A schedule that passes validation comes back from the wire with its meaning."""
    answer = data.draw(wire.schedulers(version))
    base = Scheduler.parse(answer, version)
    capabilities = capabilities_of(base, max_power=8000, min_soc=10)
    wanted = with_defaults(
        Schedule(enabled=data.draw(st.booleans()), periods=data.draw(periods())),
        capabilities,
    )
    validate(wanted, capabilities)
    written = encode(wanted, capabilities, base)
    assert decode(written) == normalize(wanted)
    shown = Scheduler.parse(wire.read_back(written.as_wire(), answer), version)
    assert decode(shown).periods == normalize(wanted).periods


@pytest.mark.parametrize("version", wire.VERSIONS)
@given(st.data())
def test_what_is_read_can_be_written(version: int, data: st.DataObject) -> None:
    """Writing back what was read keeps every group with all its numbers."""
    answer = data.draw(wire.schedulers(version))
    base = Scheduler.parse(answer, version)
    capabilities = capabilities_of(base, max_power=8000, min_soc=10)
    written = encode(decode(base), capabilities, base)
    assert written.enabled is base.enabled
    assert _by_minute(written) == _by_minute(base)
    shown = Scheduler.parse(wire.read_back(written.as_wire(), answer), version)
    assert _by_minute(shown) == _by_minute(base)


def _by_minute(scheduler: Scheduler) -> dict[int, tuple[str, dict[str, float]]]:
    """Return what holds in each minute of the day."""
    return {
        minute: (one.work_mode, dict(one.params))
        for one in scheduler.groups
        for minute in range(one.start, one.end + 1)
    }


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("extras", [True, False])
@given(st.data())
def test_foreign_parameters_are_never_sent(
    version: int, extras: bool, data: st.DataObject
) -> None:
    """A write names only what the device's properties name: more voids the whole."""
    answer = data.draw(wire.schedulers(version, extras=True))
    known = wire.properties(version, extras=extras)
    base = Scheduler.parse({**answer, "properties": known}, version)
    capabilities = capabilities_of(base, max_power=8000, min_soc=10)
    wanted = with_defaults(
        Schedule(enabled=True, periods=data.draw(periods())), capabilities
    )
    for one in encode(wanted, capabilities, base).as_wire()["groups"]:
        assert {name.lower() for name in one["extraParam"]} <= known.keys()


@pytest.mark.parametrize("version", wire.VERSIONS)
@given(st.data())
def test_shape_of_a_write(version: int, data: st.DataObject) -> None:
    """Each version gets its own fields, whole numbers, and ends behind the starts."""
    base = Scheduler.parse(data.draw(wire.schedulers(version)), version)
    capabilities = capabilities_of(base, max_power=8000, min_soc=10)
    wanted = with_defaults(
        Schedule(enabled=True, periods=data.draw(periods())), capabilities
    )
    body = encode(wanted, capabilities, base).as_wire()
    assert body.get("isDefault", False) is False
    assert ("isDefault" in body) is (version >= 2)
    head = {"startHour", "startMinute", "endHour", "endMinute", "workMode"}
    expected = {
        0: head | {"enable", "minSocOnGrid", "fdSoc", "fdPwr"},
        1: head | {"enable", "minSocOnGrid", "fdSoc", "fdPwr", "maxSoc"},
        2: head | {"enable", "extraParam"},
        3: head | {"extraParam"},
    }[version]
    for one in body["groups"]:
        assert set(one) == expected
        numbers = {**one, **one.get("extraParam", {})}
        assert all(
            type(value) is int
            for name, value in numbers.items()
            if name not in {"workMode", "extraParam"}
        )
        assert (one["startHour"], one["startMinute"]) < (
            one["endHour"],
            one["endMinute"],
        )
        assert numbers["fdSoc"] >= numbers["minSocOnGrid"]
        assert numbers["fdPwr"] >= 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"workMode": "Invalid", "startHour": 1}, id="invalid"),
        pytest.param({"workMode": ""}, id="no mode"),
        pytest.param({"endHour": 0, "endMinute": 0}, id="no time"),
        pytest.param({"isRemainMode": True}, id="the rest of the day"),
    ],
)
@pytest.mark.parametrize("version", wire.VERSIONS)
def test_groups_that_are_none(version: int, changes: dict[str, Any]) -> None:
    """Unused slots and the remaining time are no periods, and are not written back."""
    numbers = {name: low for name, (low, _) in wire.PARAMS.items()}
    used = wire.group(version, 60, 119, "SelfUse", numbers)
    empty = {**wire.group(version, 0, 1439, "SelfUse", numbers), **changes}
    base = Scheduler.parse({"groups": [used, empty, None, 5, {}]}, version)
    assert [(one.start, one.end) for one in base.groups] == [(60, 119)]


def test_group_out_of_force_for_today_is_kept() -> None:
    """A group shows as disabled once its time has passed, and comes back tomorrow."""
    shown = {
        **wire.group(1, 60, 119, "SelfUse", dict.fromkeys(wire.PARAMS, 10)),
        "enable": 0,
    }
    base = Scheduler.parse({"groups": [shown], "enable": 1}, 1)
    assert len(decode(base).periods) == 1
    assert base.as_wire()["groups"][0]["enable"] == 1


def test_end_minute_is_included() -> None:
    """A period to 19:00 ends at 18:59 on the wire, one to midnight at 23:59."""
    base = Scheduler.parse({**BARE, "properties": wire.properties(3)}, 3)
    capabilities = capabilities_of(base, max_power=8000, min_soc=10)
    wanted = Schedule(
        enabled=True,
        periods=(
            Period(start=time(18), end=time(19), mode="backup"),
            Period(start=time(22), end=time(6, 30), mode="self_consumption"),
        ),
    )
    body = encode(with_defaults(wanted, capabilities), capabilities, base).as_wire()
    assert [
        tuple(one[key] for key in ("startHour", "startMinute", "endHour", "endMinute"))
        for one in body["groups"]
    ] == [(0, 0, 6, 29), (18, 0, 18, 59), (22, 0, 23, 59)]


def test_limits_are_carried_along() -> None:
    """Import, export and PV limits go over to the period that takes a group's place."""
    numbers = {name: high for name, (_, high) in wire.PARAMS.items()}
    kept = {"importLimit": 3000, "exportLimit": 0, "pvLimit": 7000}
    other = {"importLimit": 1, "exportLimit": 2, "pvLimit": 3}
    answer = {
        "enable": 1,
        "groups": [
            wire.group(3, 0, 599, "ForceCharge", {**numbers, **kept}),
            wire.group(3, 600, 1439, "SelfUse", {**numbers, **other}),
        ],
        "properties": wire.properties(3),
    }
    base = Scheduler.parse(answer, 3)
    capabilities = capabilities_of(base, max_power=8000, min_soc=10)
    wanted = Schedule(
        enabled=True,
        periods=(
            Period(start=time(1), end=time(11), mode="backup", min_soc=20),
            Period(
                start=time(11),
                end=time(12),
                mode="force_charge",
                power=5,
                target_soc=50,
                min_soc=20,
            ),
        ),
    )
    first, second = encode(wanted, capabilities, base).groups
    assert {name: first.params[name] for name in kept} == kept
    assert {name: second.params[name] for name in kept} == other
    assert (second.params["fdPwr"], second.params["fdSoc"]) == (5, 50)


def test_more_groups_than_the_device_has() -> None:
    """Extras that differ can need more groups than the meaning does."""
    numbers = {name: high for name, (_, high) in wire.PARAMS.items()}
    base = Scheduler.parse(
        {
            "groups": [
                wire.group(
                    3,
                    hour * 60,
                    hour * 60 + 59,
                    "SelfUse",
                    {**numbers, "pvLimit": hour},
                )
                for hour in range(9)
            ],
            "properties": wire.properties(3),
        },
        3,
    )
    capabilities = capabilities_of(base, max_power=8000, min_soc=10)
    validate(decode(base), capabilities)
    with pytest.raises(ScheduleError) as caught:
        encode(decode(base), capabilities, base)
    assert (caught.value.problem, caught.value.limit) == (Problem.SCHEDULE_TOO_MANY, 8)


@pytest.mark.parametrize("version", [2, 3])
def test_scheduler_that_was_set_in_the_app(version: int) -> None:
    """With no answer about properties, a period's numbers are sent all the same."""
    base = Scheduler.parse(None, version)
    assert (base.enabled, base.groups) == (False, ())
    capabilities = capabilities_of(base, max_power=8000, min_soc=10)
    wanted = with_defaults(
        Schedule(
            enabled=True,
            periods=(
                Period(
                    start=time(1),
                    end=time(5),
                    mode="force_charge",
                    power=2500,
                    target_soc=80,
                ),
            ),
        ),
        capabilities,
    )
    validate(wanted, capabilities)
    body = encode(wanted, capabilities, base).as_wire()
    numbers = body["groups"][0]["extraParam"]
    assert (numbers["fdPwr"], numbers["fdSoc"]) == (2500, 80)
    assert decode(Scheduler.parse(body, version)).periods == wanted.periods


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 1439, (time(0), time(0))),
        (60, 60, (time(1), time(1, 1))),
        (1320, 359, (time(22), time(6))),
    ],
)
def test_times(start: int, end: int, expected: tuple[time, time]) -> None:
    """The wire's inclusive end is one minute before ours."""
    base = Scheduler(
        version=3,
        enabled=True,
        groups=(Group(start=start, end=end, work_mode="SelfUse"),),
    )
    (period,) = decode(base).periods
    assert (period.start, period.end) == expected


@pytest.mark.parametrize(
    ("work_mode", "word"),
    [
        ("SelfUse", "self_consumption"),
        ("Feedin", "feed_in_first"),
        ("Backup", "backup"),
        ("PeakShaving", "peak_shaving"),
        ("ForceCharge", "force_charge"),
        ("ForceDischarge", "force_discharge"),
        ("ForceCharge(BAT)", "foxess_force_charge_bat"),
        ("ForceDischarge(BAT)", "foxess_force_discharge_bat"),
        ("NewThing2", "foxess_new_thing2"),
        ("--", "foxess_"),
    ],
)
def test_word_of(work_mode: str, word: str) -> None:
    """Known modes have common words, others the vendor's own."""
    assert word_of(work_mode) == word
