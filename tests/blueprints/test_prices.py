"""Tests that prices have one shape, wherever they come from."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.exceptions import ServiceValidationError

from .conftest import AddBlueprint
from .sources import SOURCES, Slot, Source, nord_pool, own, slots_of

BERLIN = ZoneInfo("Europe/Berlin")
# A day as most are, one of 23 hours, and one of 25.
DAYS = {24: date(2026, 6, 15), 23: date(2026, 3, 29), 25: date(2026, 10, 25)}


async def ask(hass: HomeAssistant, **data: Any) -> Any:
    """Run the script, and return its response."""
    response = await hass.services.async_call(
        "script", "prices", data, blocking=True, return_response=True
    )
    assert response
    return response


def told(slots: list[Slot]) -> list[dict[str, Any]]:
    """Return slots in the shape that all share."""
    return [
        {
            "start": slot.start.isoformat(),
            "end": slot.end.isoformat(),
            "price": slot.price,
        }
        for slot in slots
    ]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize(
    ("hours", "minutes"), [(24, 60), (24, 5), (23, 60), (23, 30), (25, 60), (25, 15)]
)
async def test_prices_of_a_source(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_script: AddBlueprint,
    source: Source,
    hours: int,
    minutes: int,
) -> None:
    """What a source tells of today and tomorrow is told in the shared shape."""
    day = DAYS[hours]
    freezer.move_to(datetime(day.year, day.month, day.day, 14, tzinfo=BERLIN))
    today = slots_of(day, minutes, BERLIN)
    assert len(today) == hours * 60 // minutes
    tomorrow = slots_of(day + timedelta(days=1), minutes, BERLIN)
    await add_script("prices", **source(hass, today, tomorrow))
    assert await ask(hass) == {"prices": told(today + tomorrow), "plan": []}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
async def test_prices_before_those_of_tomorrow_are_known(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_script: AddBlueprint,
    source: Source,
) -> None:
    """Without tomorrow, today is told."""
    freezer.move_to(datetime(2026, 6, 15, 10, tzinfo=BERLIN))
    today = slots_of(DAYS[24], 60, BERLIN)
    await add_script("prices", **source(hass, today, []))
    assert (await ask(hass))["prices"] == told(today)


@pytest.mark.parametrize("hour", [0, 1, 14, 23])
async def test_nord_pool_delivers_by_the_clock_of_brussels(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_script: AddBlueprint,
    hour: int,
) -> None:
    """In Finland too the present hour has its price, at any time of the day."""
    helsinki = ZoneInfo("Europe/Helsinki")
    now = datetime(2026, 6, 15, hour, 30, tzinfo=helsinki)
    freezer.move_to(now)
    await add_script(
        "prices",
        **nord_pool(
            hass,
            slots_of(date(2026, 6, 14), 60, helsinki)
            + slots_of(date(2026, 6, 15), 60, helsinki),
            slots_of(date(2026, 6, 16), 60, helsinki),
        ),
    )
    await hass.config.async_set_time_zone("Europe/Helsinki")
    starts = [slot["start"] for slot in (await ask(hass))["prices"]]
    assert now.replace(minute=0).isoformat() in starts


async def test_another_area_of_nord_pool(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, add_script: AddBlueprint
) -> None:
    """The area that is named is the one that counts, also while it has no prices."""
    freezer.move_to(datetime(2026, 6, 15, 10, tzinfo=BERLIN))
    inputs = nord_pool(hass, slots_of(DAYS[24], 60, BERLIN), [])
    await add_script("prices", **inputs, place="SE4")
    assert (await ask(hass))["prices"] == []


@pytest.mark.parametrize(
    ("action", "inputs"),
    [
        ("nordpool.get_prices_for_date", {"nordpool": "an_entry"}),
        ("tibber.get_prices", {"tibber": True}),
    ],
)
async def test_source_that_fails(
    hass: HomeAssistant,
    add_script: AddBlueprint,
    action: str,
    inputs: dict[str, Any],
) -> None:
    """Where an action fails, there are no prices."""
    domain, _, name = action.partition(".")
    async_mock_service(
        hass,
        domain,
        name,
        supports_response=SupportsResponse.ONLY,
        raise_exception=ServiceValidationError("No connection"),
    )
    await add_script("prices", **inputs)
    assert await ask(hass, minutes=60) == {"prices": [], "plan": []}


@pytest.mark.parametrize("state", ["unavailable", "unknown"])
async def test_entity_without_prices(
    hass: HomeAssistant, add_script: AddBlueprint, state: str
) -> None:
    """An entity that is away, and one that does not exist, have no prices."""
    hass.states.async_set("sensor.my_prices", state)
    await add_script("prices", entities=["sensor.my_prices", "sensor.nowhere"])
    assert await ask(hass, minutes=60) == {"prices": [], "plan": []}


async def test_prices_in_cents_and_with_a_surcharge(
    hass: HomeAssistant, add_script: AddBlueprint
) -> None:
    """Prices are brought to whole units of money, and completed."""
    start = datetime(2026, 6, 15, tzinfo=UTC)
    inputs = own(hass, [Slot(start, start + timedelta(hours=1), 12.5)], [])
    await add_script("prices", **inputs, factor=0.01, surcharge=0.2)
    assert [slot["price"] for slot in (await ask(hass))["prices"]] == [0.325]


async def test_prices_in_disorder(
    hass: HomeAssistant, add_script: AddBlueprint
) -> None:
    """What is unsorted, doubled, without a number or overlapping is put in order."""
    hour, half = timedelta(hours=1), timedelta(minutes=30)
    start = datetime(2026, 6, 15, tzinfo=BERLIN)
    disorder = [
        Slot(start + 2 * hour, start + 3 * hour, 0.3),
        Slot(start, start + hour, 0.1),
        Slot(start + half, start + hour, 0.2),
        Slot(start, start + hour, 0.9),
        Slot(start + 3 * hour, start + 4 * hour, float("nan")),
    ]
    inputs = own(hass, disorder, [])
    await add_script("prices", **inputs)
    assert (await ask(hass))["prices"] == told(
        [
            Slot(start, start + half, 0.1),
            Slot(start + half, start + hour, 0.2),
            Slot(start + 2 * hour, start + 3 * hour, 0.3),
        ]
    )


async def test_prices_without_ends(
    hass: HomeAssistant, add_script: AddBlueprint
) -> None:
    """A slot without an end lasts to the next, or as long as the one before a gap."""
    start = datetime(2026, 6, 15, tzinfo=BERLIN)
    starts = [start + timedelta(minutes=minutes) for minutes in (0, 15, 30, 120)]
    hass.states.async_set(
        "sensor.my_prices",
        "ok",
        {"prices": [{"start": it.isoformat(), "price": 0.1} for it in starts]},
    )
    await add_script("prices", entities=["sensor.my_prices"])
    quarter = timedelta(minutes=15)
    assert (await ask(hass))["prices"] == told(
        [Slot(it, it + quarter, 0.1) for it in starts]
    )


async def test_two_who_ask_at_once(
    hass: HomeAssistant, add_script: AddBlueprint
) -> None:
    """Who asks while another is being answered is answered as well."""

    async def answer(call: ServiceCall) -> ServiceResponse:
        await asyncio.sleep(0)
        return {"prices": {"Home": []}}

    hass.services.async_register(
        "tibber", "get_prices", answer, supports_response=SupportsResponse.ONLY
    )
    await add_script("prices", tibber=True)
    answers = await asyncio.gather(ask(hass), ask(hass))
    assert answers == [{"prices": [], "plan": []}] * 2
