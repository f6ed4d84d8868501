"""Building the plants with their devices."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from ..lot import Lot, make_neighbours, used_unit
from ..unit import Unit
from ..uplink import Uplink, serial
from .account import Plant
from .catalogue import PROFILES, Profile
from .device import Device, Logger
from .families import NOAH
from .sensors import SENSORS, Sensor

MODELS: Final = (*PROFILES, *SENSORS)
_SERIAL_LENGTH: Final = 10
_FIRST_PLANT: Final = 1234567
_AGE: Final = timedelta(days=400)


def build_plants(stations: Sequence[str], lot: Lot) -> Iterator[Plant]:
    """Return a plant for each station, which names models joined by plus signs: one house."""
    number = 0
    for index, station in enumerate(stations):
        names = [_known(name) for name in station.split("+")]
        yield _plant(names, number, _FIRST_PLANT + index, lot)
        number += len(names)


def _known(model: str) -> str:
    """Return a model's name, or refuse it."""
    if model not in MODELS:
        raise ValueError(f"unknown model {model!r}, known are {', '.join(MODELS)}")
    return model


def _plant(names: Sequence[str], before: int, plant_id: int, lot: Lot) -> Plant:
    """Return a plant with everything in it."""
    numbered = list(enumerate(names, before + 1))
    profiles = [
        (number, PROFILES[name]) for number, name in numbered if name in PROFILES
    ]
    units = [
        _unit(profile, f"{lot.seed}/growatt/{number}") for number, profile in profiles
    ]
    foreign = [
        used_unit(
            f"{lot.seed}/foreign/{number}",
            rated_w=profile.foreign_pv_w,
            pv_peak_w=profile.foreign_pv_w,
        )
        if profile.foreign_pv_w
        else None
        for number, profile in profiles
    ]
    # What only produces comes first, so that batteries see what is left over.
    order = sorted(
        [*units, *(unit for unit in foreign if unit is not None)],
        key=lambda unit: unit.battery is not None,
    )
    house = lot.house(f"{lot.seed}/growatt/{before}", order or [_nothing()])
    logger = Logger(
        serial=serial("XGD", "", before + 1, _SERIAL_LENGTH),
        house=house,
        clock=lot.clock,
        switchboard=lot.switchboard,
    )
    devices = [
        Device(
            serial=(own := serial("SG", profile.key, number, _SERIAL_LENGTH)),
            number=number,
            logger_serial=own if profile.family is NOAH else logger.serial,
            profile=profile,
            house=house,
            unit=unit,
            foreign=other,
            clock=lot.clock,
            switchboard=lot.switchboard,
        )
        for (number, profile), unit, other in zip(profiles, units, foreign, strict=True)
    ]
    sensors = [
        _sensor(name, address, logger, lot)
        for address, (_, name) in enumerate(
            [row for row in numbered if row[1] in SENSORS], 1
        )
    ]
    neighbours: list[Uplink] = [*devices, *sensors]
    make_neighbours(neighbours or [logger])
    alone = all(profile.family is NOAH for _, profile in profiles) and not sensors
    return Plant(
        id=plant_id,
        name=f"Plant {plant_id - _FIRST_PLANT + 1}",
        house=house,
        created=(lot.begin - _AGE).date(),
        devices=tuple(devices),
        loggers=[] if alone else [logger],
        sensors=tuple(sensors),
    )


def _unit(profile: Profile, seed: str) -> Unit:
    """Return the hardware of a profile."""
    return used_unit(
        seed,
        rated_w=profile.rated_w,
        pv_peak_w=profile.pv_peak_w,
        capacity_wh=profile.capacity_wh,
        battery_w=profile.battery_w,
    )


def _nothing() -> Unit:
    """Return hardware that does nothing, for a house in which only sensors stand."""
    return Unit(rated_w=0, pv_peak_w=0)


def _sensor(name: str, address: int, logger: Logger, lot: Lot) -> Sensor:
    """Return a meter or an environment sensor."""
    kind, device_name, device_type = SENSORS[name]
    return kind(
        serial=f"{logger.serial}/{address}",
        address=str(address),
        logger_serial=logger.serial,
        device_name=device_name,
        device_type=device_type,
        house=logger.house,
        clock=lot.clock,
        switchboard=lot.switchboard,
    )
