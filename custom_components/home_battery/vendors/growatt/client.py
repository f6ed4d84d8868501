"""The Growatt public API, v1 and v4 in one: plants, devices and their records, typed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo
from typing import Any, Final, override

from ...battery.fields import number
from ...transport.errors import TransientError
from ...transport.pages import Pages
from .caller import GrowattCaller
from .errors import DoubtedTokenError
from .families import Family
from .models import (
    Attached,
    CheckedSerial,
    DayEnergy,
    DeviceEntry,
    Logger,
    Plant,
    PlantData,
    PlantDetails,
    PowerPoint,
    mapping,
)

# The first is where most accounts are, the others in the order of their likelihood.
SERVERS: Final[Mapping[str, str]] = {
    "europe": "https://openapi.growatt.com",
    "north_america": "https://openapi-us.growatt.com",
    "australia": "https://openapi-au.growatt.com",
    "china": "https://openapi-cn.growatt.com",
    # These two know no TLS.
    "atess": "http://ess-server.atesspower.com",
    "smten": "http://server.smten.com",
}

type WireRecord = Mapping[str, object]

# What a record of API v4 calls its device.
_SERIAL_KEYS: Final = ("serialNum", "deviceSn", "inverterId")
_DEVICE_LIST: Final = "device_list_v4"
_MAX_PAGES = 50


class GrowattClient(GrowattCaller):
    """Typed reads; what is set is told to `call` by name.

    A record that the cloud does not have is `None`, or is left out.
    """

    @override
    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Make a call; where it doubts the token, a list of devices decides."""
        try:
            return await super().call(name, parameters)
        except DoubtedTokenError:
            if name != _DEVICE_LIST:
                await self.devices()
            raise

    async def plants(self) -> list[Plant]:
        """Return every plant of the token; it is this list that knows a bad token."""
        items = await self._pages("plant_list", {}, "plants")
        return [Plant.parse(item) for item in items]

    async def plant_details(self, plant: str) -> PlantDetails:
        """Return the zone of a plant."""
        return PlantDetails.parse(await self.call("plant_details", {"plant_id": plant}))

    async def plant_data(self, plant: str) -> PlantData:
        """Return what a plant gives now and gave in all."""
        return PlantData.parse(await self.call("plant_data", {"plant_id": plant}))

    async def plant_power(
        self, plant: str, day: date, zone: tzinfo
    ) -> list[PowerPoint]:
        """Return the power of a plant over a day of its own zone, oldest first."""
        parameters = {"plant_id": plant, "date": day.isoformat()}
        result = await self.call("plant_power", parameters)
        return [] if result is None else PowerPoint.parse_all(result, zone)

    async def plant_energy(
        self, plant: str, first: date, last: date
    ) -> list[DayEnergy]:
        """Return what a plant gave on each of up to 7 days."""
        parameters = {
            "plant_id": plant,
            "start_date": first.isoformat(),
            "end_date": last.isoformat(),
            "time_unit": "day",
        }
        items = await self._pages("plant_energy", parameters, "energys")
        return DayEnergy.parse_all(items)

    async def devices_of(self, plant: str) -> list[DeviceEntry]:
        """Return the devices of a plant that API v1 knows."""
        items = await self._pages("device_list", {"plant_id": plant}, "devices")
        return [DeviceEntry.parse_v1(item, plant) for item in items]

    async def devices(self) -> list[DeviceEntry]:
        """Return the devices of all plants that API v4 knows."""
        entries: list[DeviceEntry] = []
        pages = Pages()
        for page in range(1, _MAX_PAGES + 1):
            result = await self.call(_DEVICE_LIST, {"page": page})
            if result is None:
                break
            data = mapping(pages.take(result))
            entries += map(DeviceEntry.parse_v4, _objects(data.get("data")))
            if page >= (number(data.get("pages")) or 0):
                break
        return entries

    async def loggers(self, plant: str) -> list[Logger]:
        """Return the data loggers of a plant."""
        items = await self._pages("datalogger_list", {"plant_id": plant}, "dataloggers")
        return [Logger.parse(item) for item in items]

    async def meters(self, logger: str) -> list[Attached]:
        """Return the meters on a data logger."""
        items = await self._pages("meter_list", {"datalog_sn": logger}, "meters")
        return [Attached.parse(item, logger) for item in items]

    async def sensors(self, logger: str) -> list[Attached]:
        """Return the sensors of the weather on a data logger."""
        items = await self._pages("env_list", {"datalog_sn": logger}, "envs")
        return [Attached.parse(item, logger) for item in items]

    async def check(self, serial: str) -> CheckedSerial:
        """Return what the cloud makes of a serial number, of whatever device."""
        # The vendor has misnamed the parameter.
        result = await self.call("device_check", {"dataloggerSn": serial})
        return CheckedSerial.parse(result)

    async def capacity(self, family: Family, serial: str) -> float | None:
        """Return the nominal capacity of a device's battery in kWh."""
        parameters = {"deviceSn": serial, "deviceType": family.v4_type}
        result = mapping(await self.call("nameplate_v4", parameters))
        return number(result.get("batteryCapacity")) or None

    async def plant_of(self, serial: str) -> str | None:
        """Return the id of the plant that a device belongs to."""
        result = mapping(await self.call("plant_of_device", {"device_sn": serial}))
        plant = result.get("plant")
        return Plant.parse(plant).id if plant else None

    async def details_v4(
        self, family: Family, serials: Iterable[str]
    ) -> dict[str, WireRecord]:
        """Return nameplate and settings of up to 100 devices of a family."""
        return await self._batch("details_v4", family, serials)

    async def last_data_v4(
        self, family: Family, serials: Iterable[str]
    ) -> dict[str, WireRecord]:
        """Return the latest records of up to 100 devices of a family."""
        return await self._batch("last_data_v4", family, serials)

    async def _batch(
        self, name: str, family: Family, serials: Iterable[str]
    ) -> dict[str, WireRecord]:
        """Return a record each of devices, in a request that is always the same."""
        asked = sorted(serials)
        result = await self.call(
            name, {"deviceSn": ",".join(asked), "deviceType": family.v4_type}
        )
        if result is None:
            return {}
        return {
            serial: item
            for found in mapping(result).values()
            for item in _objects(found)
            for serial in asked
            if serial in map(item.get, _SERIAL_KEYS)
        }

    async def details(self, family: Family, serial: str) -> WireRecord | None:
        """Return nameplate and settings of a device through API v1."""
        result = await self.call(f"{family.key}_details", {"device_sn": serial})
        return _record(result)

    async def last_data(self, family: Family, serial: str) -> WireRecord | None:
        """Return the latest record of a device through API v1."""
        return _record(
            await self.call(
                f"{family.key}_last_data", {family.serial_parameter: serial}
            )
        )

    async def last_data_many(
        self, family: Family, serials: Iterable[str]
    ) -> dict[str, WireRecord]:
        """Return the latest records of up to 100 devices of a family through API v1."""
        parameters = {
            family.serials_parameter: ",".join(sorted(serials)),
            "pageNum": 1,
        }
        return dict(await self.call(f"{family.key}_last_data_many", parameters))

    async def attached_data(
        self, family: Family, attached: Attached
    ) -> WireRecord | None:
        """Return the latest record of a meter or a sensor."""
        parameters = {"datalog_sn": attached.logger, "address": attached.address}
        return _record(await self.call(f"{family.key}_last_data", parameters))

    async def wifi(self, family: Family, serial: str) -> float | None:
        """Return the strength of a device's Wi-Fi in dBm."""
        parameters = {"deviceSn": serial, "deviceType": family.v4_type}
        return number(await self.call("wifi_v4", parameters))

    async def app_status(self, family: Family, serial: str) -> WireRecord | None:
        """Return the state of a NOAH or a NEXA as its app shows it; all is text."""
        return await self._app(family, "status", serial)

    async def app_batteries(self, family: Family, serial: str) -> WireRecord | None:
        """Return the packs of a NOAH or a NEXA."""
        return await self._app(family, "batteries", serial)

    async def _app(self, family: Family, call: str, serial: str) -> WireRecord | None:
        """Make one of the app's calls."""
        name = f"{family.app}_app_{call}"
        return _record(await self.call(name, {"deviceSn": serial}))

    async def history(
        self, family: Family, serial: str, first: date, last: date
    ) -> list[WireRecord]:
        """Return the records of up to 7 days through API v1, in as many pages."""
        parameters = {
            family.serial_parameter: serial,
            "start_date": first.isoformat(),
            "end_date": last.isoformat(),
        }
        return list(await self._pages(f"{family.key}_history", parameters, "datas"))

    async def history_v4(
        self, family: Family, serial: str, day: date
    ) -> list[WireRecord]:
        """Return the records of one of the last 95 days through API v4."""
        parameters = {
            "deviceSn": serial,
            "deviceType": family.v4_type,
            "date": day.isoformat(),
        }
        result = await self.call("history_v4", parameters)
        return [] if result is None else _objects(mapping(result).get("datas"))


def _record(result: object) -> WireRecord | None:
    """Return a record, where there is one."""
    return None if result is None else mapping(result)


def _objects(items: Any) -> list[WireRecord]:
    """Return what is an object in a list, if it is a list."""
    if not isinstance(items, Sequence):
        raise TransientError("The answer has no list")
    return [item for item in items if isinstance(item, dict)]
