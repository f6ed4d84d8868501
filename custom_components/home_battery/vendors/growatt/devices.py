"""Finding the plants and devices of a Growatt account, and what their nameplates say."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
import logging
from typing import Any, Final

from ...battery.model import Device, Inventory, Role
from ...transport.clock import Clock
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    RejectedError,
    UnsupportedError,
    WrongServerError,
)
from ..naming import distinct
from .client import GrowattClient
from .discovery import PLANT, attached_of, device_of, house, logger_of, role_of
from .families import DATALOGGER, ENV, FAMILIES, METER, NOAH, Family
from .latest import LAST_DATA_V4, LatestRecords
from .memory import DeviceMemory
from .models import DeviceEntry, Plant, join

_LOGGER = logging.getLogger(__name__)

# The vendor tells the plants ten times a day.
_PLANTS_FOR: Final = timedelta(hours=4)
# No sense in going on.
_FATAL: Final = (AuthenticationError, LimitError, WrongServerError)


class Devices:
    """Everything that the lists hold, in as few calls as can be."""

    def __init__(
        self,
        client: GrowattClient,
        clock: Clock,
        stored: dict[str, Any],
        memory: Callable[[Device], DeviceMemory],
        latest: LatestRecords,
    ) -> None:
        """Keep the means; nothing is sent yet.

        Args:
            client: Asks.
            clock: The time.
            stored: What is remembered of the account, changed in place.
            memory: What is remembered of a device.
            latest: The records, which are told who is lost.
        """
        self._client = client
        self._clock = clock
        self._stored = stored
        self._memory = memory
        self._latest = latest
        self._complete = True
        self._nameless: set[str] = set()

    async def found(self) -> list[Device]:
        """Return all devices, without what stands on their nameplates."""
        return await self._listed(Inventory())

    async def described(self, former: Inventory) -> list[Device]:
        """Return all devices with their nameplates; what cannot be told stays as it was."""
        self._complete = True
        self._nameless.clear()
        found = [
            await self._described(device, former)
            for device in await self._listed(former)
        ]
        if not self._complete:
            keys = {device.key for device in found}
            found += [one for one in former.devices.values() if one.key not in keys]
        return distinct(found)

    async def rated(self, device: Device) -> Device:
        """Return a device with its rated power, of which settings are percentages."""
        if device.rated_power is not None:
            return device
        plate = await self._nameplate(device.id)
        return replace(device, rated_power=plate.get("rated_power"))

    async def _plants(self) -> list[Plant]:
        """Return the plants, which are asked for seldom."""
        known: dict[str, Any] = self._stored.get("plants", {})
        now = self._clock.now()
        if known and now - datetime.fromisoformat(known["at"]) < _PLANTS_FOR:
            return [Plant(id=id_, name=name) for id_, name in known["names"].items()]
        plants = await self._client.plants()
        self._stored["plants"] = {
            "at": now.isoformat(),
            "names": {plant.id: plant.name for plant in plants},
        }
        return plants

    async def _listed(self, former: Inventory) -> list[Device]:
        """Return the plants, what both lists hold, and what is on the data loggers."""
        plants = await self._plants()
        of_v4 = await self._told(self._client.devices) or []
        entries: list[DeviceEntry] = []
        houses: dict[str, Device] = {}
        for plant in plants:
            details = await self._told(partial(self._client.plant_details, plant.id))
            told = house(plant, details)
            known = former.devices.get(told.key, told)
            houses[plant.id] = told if details is not None else known
            ask = partial(self._client.devices_of, plant.id)
            entries += await self._told(ask) or []
        entries += of_v4
        devices: list[Device] = []
        now = self._clock.now()
        self._latest.lost = {}
        for entry in join(entries).values():
            if entry.family is None:
                continue
            family = await self._family(entry, entry.family)
            parent = houses.get(await self._plant(entry, plants) or "")
            device = device_of(entry, family, Role.PRODUCER, parent)
            if of_v4 and family.v4_type is not None and not entry.in_v4:
                self._memory(device).note_lack(LAST_DATA_V4)
            if entry.online is False:
                self._latest.lost[device.key] = now
            devices.append(device)
        await self._learn_batteries(devices)
        devices = [
            replace(
                device,
                role=role_of(
                    FAMILIES[device.kind],
                    has_battery=self._memory(device).has_battery,
                ),
            )
            for device in devices
        ]
        attached = [
            part
            for plant in houses.values()
            for part in await self._attached(plant, devices)
        ]
        return [*houses.values(), *distinct([*devices, *attached])]

    async def _told[T](self, ask: Callable[[], Awaitable[T]]) -> T | None:
        """Return what a call tells; without permission that is nothing.

        What fails otherwise must not make devices go.
        """
        try:
            return await ask()
        except _FATAL:
            raise
        except ApiError as err:
            _LOGGER.debug("A list of devices could not be read: %s", err)
            if not isinstance(err, UnsupportedError | RejectedError):
                self._complete = False
            return None

    async def _family(self, entry: DeviceEntry, family: Family) -> Family:
        """Return the family, which for NOAH and NEXA the model tells alone."""
        if family is not NOAH:
            return family
        plate = await self._nameplate(entry.serial)
        told = FAMILIES.get(plate.get("family") or "")
        return told or family

    async def _plant(self, entry: DeviceEntry, plants: Sequence[Plant]) -> str | None:
        """Return the id of the plant of a device, also where only v4 knows it."""
        if entry.plant is not None:
            return entry.plant
        if len(plants) == 1:
            return plants[0].id
        of: dict[str, str | None] = self._stored.setdefault("plant_of", {})
        if entry.serial not in of:
            plant = await self._told(partial(self._client.plant_of, entry.serial))
            if plant is None:
                return None
            of[entry.serial] = plant
        return of[entry.serial]

    async def _learn_batteries(self, devices: Sequence[Device]) -> None:
        """Look at the records of devices that only thereby show whether they have one."""
        unknown = [
            device
            for device in devices
            if FAMILIES[device.kind].has_battery is None
            and not self._memory(device).has_battery
        ]
        if unknown:
            # No zone is known yet, nor does it matter here.
            probe = LatestRecords(self._client, self._memory, lambda _device: UTC)
            await self._told(partial(probe.fetch, unknown))

    async def _described(self, device: Device, former: Inventory) -> Device:
        """Return a device with what stands on its nameplate."""
        if device.kind == PLANT or FAMILIES[device.kind] in (DATALOGGER, METER, ENV):
            return device
        plate = await self._nameplate(device.id)
        known = former.devices.get(device.key)
        if not plate and known is not None:
            return replace(
                device,
                model=known.model,
                rated_power=known.rated_power,
                capacity=known.capacity,
            )
        return replace(
            device,
            model=plate.get("model"),
            rated_power=plate.get("rated_power"),
            capacity=await self._capacity(device, plate),
        )

    async def _nameplate(self, serial: str) -> dict[str, Any]:
        """Return what the cloud makes of a serial number, which never changes."""
        plates: dict[str, dict[str, Any]] = self._stored.setdefault("plates", {})
        if serial in self._nameless:
            return {}
        if serial not in plates:
            told = await self._told(partial(self._client.check, serial))
            if told is None or told.model is None:
                self._nameless.add(serial)
                return {}
            plates[serial] = {
                "family": told.family and told.family.key,
                "model": told.model,
                "rated_power": told.rated_power,
            }
        return plates[serial]

    async def _capacity(self, device: Device, plate: dict[str, Any]) -> float | None:
        """Return the capacity of a battery in kWh, where v4 tells it."""
        family = FAMILIES[device.kind]
        if device.role is not Role.SYSTEM or family.v4_type is None:
            return None
        if "capacity" not in plate:
            told = await self._told(partial(self._client.capacity, family, device.id))
            if told is None:
                return None
            plate["capacity"] = told
        capacity: float | None = plate["capacity"]
        return capacity

    async def _attached(self, plant: Device, devices: Sequence[Device]) -> list[Device]:
        """Return the data loggers of a plant, with the meters and sensors on them."""
        found: list[Device] = []
        serials = {device.id for device in devices}
        behind = [
            device.key
            for device in devices
            if device.parent == plant.key and FAMILIES[device.kind].v4_type
        ]
        for logger in await self._told(partial(self._client.loggers, plant.id)) or []:
            if logger.serial in serials:
                # A NOAH is a logger of its own.
                continue
            found.append(logger_of(logger, plant, next(iter(behind), None)))
            for family, ask in (
                (METER, self._client.meters),
                (ENV, self._client.sensors),
            ):
                attached = await self._told(partial(ask, logger.serial)) or []
                found += [attached_of(one, family, plant) for one in attached]
        return found
