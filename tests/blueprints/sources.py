"""The sources of prices, each in the shape in which its integration tells them.

A source takes the slots of today and of tomorrow, and makes of them what Home Assistant
would have. It returns the inputs of the blueprint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)

BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class Slot:
    """A time with one price per kWh."""

    start: datetime
    end: datetime
    price: float


type Source = Callable[[HomeAssistant, list[Slot], list[Slot]], dict[str, Any]]


def slots_of(day: date, minutes: int, zone: ZoneInfo) -> list[Slot]:
    """Return the slots of a day, as many as it really has, in a hilly price."""
    begin, after = (
        datetime(when.year, when.month, when.day, tzinfo=zone).astimezone(UTC)
        for when in (day, day + timedelta(days=1))
    )
    step = timedelta(minutes=minutes)
    return [
        Slot(
            (begin + number * step).astimezone(zone),
            (begin + (number + 1) * step).astimezone(zone),
            round((number * 7919 % 997 - 200) / 2500, 5),
        )
        for number in range((after - begin) // step)
    ]


def octopus(
    hass: HomeAssistant, today: list[Slot], tomorrow: list[Slot]
) -> dict[str, Any]:
    """Two events tell pounds per kWh."""
    for name, slots in (("current", today), ("next", tomorrow)):
        hass.states.async_set(
            f"event.octopus_energy_electricity_{name}_day_rates",
            "2026-06-15T10:00:00.000+00:00",
            {
                "event_type": f"octopus_energy_electricity_{name}_day_rates",
                "rates": [
                    {
                        "start": slot.start,
                        "end": slot.end,
                        "value_inc_vat": slot.price,
                        "is_capped": False,
                        "is_intelligent_adjusted": False,
                    }
                    for slot in slots
                ],
                "tariff_code": "E-1R-AGILE-24-10-01-C",
            },
        )
    return {
        "entities": [
            f"event.octopus_energy_electricity_{name}_day_rates"
            for name in ("current", "next")
        ]
    }


def nord_pool(
    hass: HomeAssistant, today: list[Slot], tomorrow: list[Slot]
) -> dict[str, Any]:
    """An action tells euros per MWh of a delivery day, and nothing of days to come."""

    def answer(call: ServiceCall) -> ServiceResponse:
        assert call.data["config_entry"] == "an_entry"
        return {
            "SE3": [
                {
                    "start": slot.start.astimezone(UTC).isoformat(),
                    "end": slot.end.astimezone(UTC).isoformat(),
                    "price": slot.price * 1000,
                }
                for slot in today + tomorrow
                if slot.start.astimezone(BRUSSELS).date().isoformat()
                == call.data["date"]
            ],
            "SE4": [],
        }

    hass.services.async_register(
        "nordpool",
        "get_prices_for_date",
        answer,
        supports_response=SupportsResponse.ONLY,
    )
    return {"nordpool": "an_entry"}


def nord_pool_hacs(
    hass: HomeAssistant, today: list[Slot], tomorrow: list[Slot]
) -> dict[str, Any]:
    """A sensor tells kronor per kWh in two lists."""
    raw = [
        [{"start": slot.start, "end": slot.end, "value": slot.price} for slot in slots]
        for slots in (today, tomorrow)
    ]
    hass.states.async_set(
        "sensor.nordpool_kwh_se3_sek",
        str(today[0].price),
        {
            "unit": "kWh",
            "currency": "SEK",
            "today": [slot.price for slot in today],
            "tomorrow": [slot.price for slot in tomorrow],
            "tomorrow_valid": bool(tomorrow),
            "raw_today": raw[0],
            "raw_tomorrow": raw[1],
        },
    )
    return {"entities": ["sensor.nordpool_kwh_se3_sek"]}


def tibber(
    hass: HomeAssistant, today: list[Slot], tomorrow: list[Slot]
) -> dict[str, Any]:
    """An action tells prices by home, and no ends."""

    def answer(call: ServiceCall) -> ServiceResponse:
        first, last = (
            datetime.fromisoformat(call.data[key]) for key in ("start", "end")
        )
        return {
            "prices": {
                "Home": [
                    {
                        "start_time": slot.start.isoformat(timespec="milliseconds"),
                        "price": slot.price,
                    }
                    for slot in today + tomorrow
                    if first <= slot.start < last
                ]
            }
        }

    hass.services.async_register(
        "tibber", "get_prices", answer, supports_response=SupportsResponse.ONLY
    )
    return {"tibber": True}


def epex_spot(
    hass: HomeAssistant, today: list[Slot], tomorrow: list[Slot]
) -> dict[str, Any]:
    """A sensor, also for aWATTar and others, tells euros per kWh in one list."""
    hass.states.async_set(
        "sensor.epex_spot_data_total_price",
        str(today[0].price),
        {
            "data": [
                {
                    "start_time": slot.start.isoformat(),
                    "end_time": slot.end.isoformat(),
                    "price_per_kwh": slot.price,
                }
                for slot in today + tomorrow
            ],
            "unit_of_measurement": "€/kWh",
        },
    )
    return {"entities": ["sensor.epex_spot_data_total_price"]}


def energi_data_service(
    hass: HomeAssistant, today: list[Slot], tomorrow: list[Slot]
) -> dict[str, Any]:
    """A sensor tells kroner per kWh in two lists, and no ends."""
    raw = [
        [{"hour": slot.start, "price": slot.price} for slot in slots]
        for slots in (today, tomorrow)
    ]
    hass.states.async_set(
        "sensor.energi_data_service",
        str(today[0].price),
        {
            "unit": "kWh",
            "tomorrow_valid": bool(tomorrow),
            "today": [slot.price for slot in today],
            "tomorrow": [slot.price for slot in tomorrow] or None,
            "raw_today": raw[0],
            "raw_tomorrow": raw[1] or None,
        },
    )
    return {"entities": ["sensor.energi_data_service"]}


def entso_e(
    hass: HomeAssistant, today: list[Slot], tomorrow: list[Slot]
) -> dict[str, Any]:
    """A sensor tells euros per kWh in one list and two, and no ends."""
    prices = [
        [{"time": slot.start.isoformat(sep=" "), "price": slot.price} for slot in slots]
        for slots in (today, tomorrow)
    ]
    hass.states.async_set(
        "sensor.average_electricity_price",
        str(today[0].price),
        {
            "prices_today": prices[0],
            "prices_tomorrow": prices[1],
            "prices": prices[0] + prices[1],
        },
    )
    return {"entities": ["sensor.average_electricity_price"]}


def amber(
    hass: HomeAssistant, today: list[Slot], tomorrow: list[Slot]
) -> dict[str, Any]:
    """One sensor is the slot that runs, another tells those that follow."""
    first, *following = [
        {
            "duration": (slot.end - slot.start) // timedelta(minutes=1),
            "date": slot.start.date().isoformat(),
            "per_kwh": slot.price,
            "nem_date": slot.end.isoformat(),
            "spot_per_kwh": slot.price / 2,
            "start_time": (
                slot.start.astimezone(UTC) + timedelta(seconds=1)
            ).isoformat(),
            "end_time": slot.end.astimezone(UTC).isoformat(),
            "renewables": 41,
            "spike_status": "none",
        }
        for slot in today + tomorrow
    ]
    hass.states.async_set(
        "sensor.home_general_price",
        str(today[0].price),
        {**first, "estimate": True, "channel_type": "general"},
    )
    hass.states.async_set(
        "sensor.home_general_forecast",
        str(following[0]["per_kwh"]),
        {"forecasts": following, "channel_type": "general"},
    )
    return {"entities": ["sensor.home_general_price", "sensor.home_general_forecast"]}


def own(hass: HomeAssistant, today: list[Slot], tomorrow: list[Slot]) -> dict[str, Any]:
    """A sensor of one's own tells prices as the script does itself."""
    hass.states.async_set(
        "sensor.my_prices",
        "ok",
        {
            "prices": [
                {
                    "start": slot.start.isoformat(),
                    "end": slot.end.isoformat(),
                    "price": slot.price,
                }
                for slot in today + tomorrow
            ]
        },
    )
    return {"entities": ["sensor.my_prices"]}


SOURCES: dict[str, Source] = {
    source.__name__: source
    for source in (
        octopus,
        nord_pool,
        nord_pool_hacs,
        tibber,
        epex_spot,
        energi_data_service,
        entso_e,
        amber,
        own,
    )
}
