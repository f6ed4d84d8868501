"""Tests of the blueprints that charge and discharge by prices."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant

from .conftest import AddBlueprint, Battery
from .sources import Slot, own, slots_of

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 6, 15, 20, tzinfo=BERLIN)
HOUR = timedelta(hours=1)
FIVE = timedelta(minutes=5)


def night(*prices: float, begin: datetime = EVENING) -> list[Slot]:
    """Return slots of an hour from an evening on."""
    return [
        Slot(begin + number * HOUR, begin + (number + 1) * HOUR, price)
        for number, price in enumerate(prices)
    ]


async def pass_until(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, moment: datetime
) -> None:
    """Let time pass in steps of 5 minutes, up to a moment and what happens then."""
    now = datetime.now(moment.tzinfo).timestamp()
    while now <= moment.timestamp():
        freezer.move_to(datetime.fromtimestamp(now, tz=moment.tzinfo))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
        now += FIVE.total_seconds()


@pytest.fixture
async def prices(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, add_script: AddBlueprint
) -> list[Slot]:
    """Make the script with the prices of a night, cheapest at 1 and at 3 o'clock."""
    freezer.move_to(EVENING)
    slots = night(9, 8, 7, 6, 5, 1, 4, 2, 4, 6, 8)
    await add_script("prices", **own(hass, slots, []))
    return slots


@pytest.mark.usefixtures("prices")
@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        # 60 % of 10 kWh with 5 kW and a tenth for losses take 79 minutes.
        ({}, [("01:00", "02:00"), ("03:00", "04:00")]),
        ({"hours": 1}, [("01:00", "02:00")]),
        ({"hours": 3}, [("01:00", "04:00")]),
        ({"hours": 3, "one_piece": True}, [("01:00", "04:00")]),
        ({"hours": 1, "earliest": "02:00:00"}, [("03:00", "04:00")]),
        ({"hours": 3, "latest": "03:30:00"}, [("00:00", "03:30")]),
        ({"hours": 5, "limit": 1.5}, [("01:00", "02:00")]),
        # Half of 10 kWh with 5 kW takes an hour, and a tenth for losses.
        ({"target_soc": 90, "one_piece": True}, [("01:00", "03:00")]),
        ({"target_soc": 44}, []),
    ],
)
async def test_battery_charges_at_the_cheapest_times(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    """Each time is told once, with its end, when it begins."""
    await add_automation(
        "charge_cheapest", battery=battery.device_id, prices="script.prices", **inputs
    )
    told = []
    until = EVENING
    for number in range(132):
        now = EVENING + number * FIVE
        # What the device does: it charges up to the end that it was told.
        charges = until > now
        battery.status["battery_soc"] += 4 * charges
        battery.status["override"] = {True: "force_charge", False: "none"}[charges]
        await pass_until(hass, freezer, now)
        ends = [datetime.fromisoformat(call.data["end"]) for call in battery.calls]
        told += [(f"{now:%H:%M}", f"{end:%H:%M}") for end in ends]
        until = max([until, *ends])
        battery.calls.clear()
    assert told == expected


@pytest.mark.usefixtures("prices")
@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, {"target_soc": 100}),
        ({"power": 3000, "target_soc": 90}, {"target_soc": 90, "power": 3000}),
    ],
)
async def test_what_is_told(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    """Target, power and end go to the battery, all in one."""
    freezer.move_to(EVENING + 5 * HOUR)
    await add_automation(
        "charge_cheapest",
        battery=battery.device_id,
        prices="script.prices",
        hours=1,
        **inputs,
    )
    await pass_until(hass, freezer, EVENING + 5 * HOUR)
    assert battery.calls[0].data["device_id"] == battery.device_id
    assert battery.told == [
        ("force_charge", {"end": "2026-06-16T02:00:00+02:00", **expected})
    ]


@pytest.mark.usefixtures("prices")
@pytest.mark.parametrize(
    ("status", "state"),
    [
        ({"battery_soc": 96}, "none"),
        ({"battery_soc": 40}, "force_charge"),
    ],
)
async def test_battery_is_left_alone(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    status: dict[str, Any],
    state: str,
) -> None:
    """A battery that is almost there or charges already is told nothing."""
    battery.status |= status
    battery.status["override"] = state
    freezer.move_to(EVENING + 5 * HOUR)
    await add_automation(
        "charge_cheapest", battery=battery.device_id, prices="script.prices"
    )
    await pass_until(hass, freezer, EVENING + 5.5 * HOUR)
    assert battery.told == []


@pytest.mark.usefixtures("prices")
@pytest.mark.parametrize(
    ("event", "mode", "since", "expected"),
    [
        ("cancelled", "force_charge", "2026-06-15T22:00:00+00:00", 0),
        ("superseded", "force_charge", "2026-06-15T22:00:00+00:00", 0),
        ("cancelled", "hold", "2026-06-15T22:00:00+00:00", 1),
        ("ended", "force_charge", "2026-06-15T22:00:00+00:00", 1),
        # The night before.
        ("cancelled", "force_charge", "2026-06-15T17:00:00+00:00", 1),
    ],
)
async def test_stopped_by_somebody(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    event: str,
    mode: str,
    since: str,
    expected: int,
) -> None:
    """What somebody stops, or takes over, is not begun again the same night."""
    hass.states.async_set(
        "event.cellar_override", since, {"event_type": event, "mode": mode}
    )
    freezer.move_to(EVENING + 5 * HOUR)
    await add_automation(
        "charge_cheapest", battery=battery.device_id, prices="script.prices"
    )
    await pass_until(hass, freezer, EVENING + 5 * HOUR)
    assert len(battery.told) == expected


@pytest.mark.usefixtures("prices")
async def test_restart_within_a_time(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
) -> None:
    """A Home Assistant that comes up in the middle tells the same end."""
    freezer.move_to(EVENING + 5 * HOUR + 7 * FIVE)
    await add_automation(
        "charge_cheapest", battery=battery.device_id, prices="script.prices", hours=1
    )
    await pass_until(hass, freezer, EVENING + 5 * HOUR + 7 * FIVE)
    assert [data["end"] for _, data in battery.told] == ["2026-06-16T02:00:00+02:00"]


@pytest.mark.usefixtures("prices")
async def test_battery_that_does_not_tell_its_size(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without hours, capacity and power, the person is asked for hours."""
    battery.status.pop("battery_capacity_usable")
    await add_automation(
        "charge_cheapest", battery=battery.device_id, prices="script.prices"
    )
    await pass_until(hass, freezer, EVENING + FIVE)
    assert battery.told == []
    assert "Enter hours" in caplog.text


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("charge_cheapest", "force_charge"),
        ("discharge_dearest", "force_discharge"),
    ],
)
@pytest.mark.parametrize(
    ("known", "inputs", "expected"),
    [
        (0, {}, []),
        (0, {"complete": False}, []),
        (4, {}, []),
        (4, {"complete": False}, ["2026-06-15T21:00:00+02:00"]),
        (11, {}, ["2026-06-15T21:00:00+02:00"]),
    ],
)
async def test_prices_of_tomorrow_are_not_known_yet(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_script: AddBlueprint,
    add_automation: AddBlueprint,
    battery: Battery,
    name: str,
    action: str,
    known: int,
    inputs: dict[str, Any],
    expected: list[str],
) -> None:
    """Nothing is told before all prices are known, unless that is wanted."""
    freezer.move_to(EVENING)
    await add_script("prices", **own(hass, night(*[5] * known), []))
    await add_automation(
        name,
        battery=battery.device_id,
        prices="script.prices",
        earliest="20:00:00",
        latest="07:00:00",
        hours=1,
        **inputs,
    )
    await pass_until(hass, freezer, EVENING)
    assert [(name, data["end"]) for name, data in battery.told] == [
        (action, end) for end in expected
    ]


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
async def test_night_in_which_the_clocks_change(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_script: AddBlueprint,
    add_automation: AddBlueprint,
    battery: Battery,
    day: date,
) -> None:
    """Seven o'clock is seven o'clock, whatever was done to the clocks before."""
    tomorrow = slots_of(day + timedelta(days=1), 60, BERLIN)
    by_seven = [slot for slot in tomorrow if slot.start.hour < 7]
    # Ever cheaper, so that the last hour before the time is the cheapest before it.
    falling = [
        Slot(slot.start, slot.end, -float(number))
        for number, slot in enumerate(tomorrow)
    ]
    freezer.move_to(by_seven[0].start)
    await add_script("prices", **own(hass, [], falling))
    await add_automation(
        "charge_cheapest", battery=battery.device_id, prices="script.prices", hours=1
    )
    await pass_until(hass, freezer, by_seven[-1].start)
    assert battery.told == [
        ("force_charge", {"target_soc": 100, "end": by_seven[-1].end.isoformat()})
    ]
    assert by_seven[-1].end.hour == 7


@pytest.mark.parametrize(
    ("inputs", "status", "expected"),
    [
        ({"hours": 2}, {}, ["18:00"]),
        ({"hours": 2, "limit": 10}, {}, []),
        # 20 % of 10 kWh with 5 kW take 24 minutes.
        ({}, {"battery_soc": 50}, ["19:00"]),
        ({"target_soc": 60}, {"battery_soc": 62}, []),
    ],
)
async def test_battery_discharges_at_the_dearest_times(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_script: AddBlueprint,
    add_automation: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    status: dict[str, Any],
    expected: list[str],
) -> None:
    """The battery gives when power is dearest, and keeps its floor."""
    battery.status |= {"battery_soc": 90, **status}
    afternoon = EVENING - 4 * HOUR
    freezer.move_to(afternoon)
    await add_script(
        "prices", **own(hass, night(3, 4, 8, 9, 5, 4, 9, begin=afternoon), [])
    )
    await add_automation(
        "discharge_dearest", battery=battery.device_id, prices="script.prices", **inputs
    )
    began: list[str] = []
    for number in range(84):
        now = afternoon + number * FIVE
        battery.status["override"] = {True: "force_discharge", False: "none"}[
            bool(battery.calls)
        ]
        await pass_until(hass, freezer, now)
        began += [f"{now:%H:%M}"] * (len(battery.calls) - len(began))
    assert began == expected
    assert all(
        told == ("force_discharge", {"target_soc": 30, "end": EVENING.isoformat()})
        for told in battery.told
    )
