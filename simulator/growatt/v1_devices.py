"""Lists of devices, loggers and sensors by v1 (Growatt notes 1.3 to 1.5)."""

from collections.abc import Callable
from typing import Final

from ..jsontypes import Json, JsonObject
from .call import Call
from .device import Device, Logger
from .endpoint import Reply
from .errors import MistakeError, Problem
from .fields import filled
from .sensors import Sample, Sensor, Weather
from .times import java_date, standard_hours
from .v1_plants import find_plant, zone_name

_OTHER_TYPE: Final = 3
_MANUFACTURER: Final = "Growatt"
_LOGGER_MODEL: Final = "ShineWiFi-X"


def device_list(call: Call) -> Reply:
    """Answer device/list: no names, and nothing that only v4 knows; sensors count as type 3."""
    plant = find_plant(call)
    rows: list[Json] = [
        _row(device, kind)
        for of_plant, device in call.devices()
        if of_plant is plant
        for kind in device.profile.types
    ]
    rows += [_sensor_row(sensor, at) for at, sensor in enumerate(plant.sensors, 1)]
    return Reply(data={"count": len(rows), "devices": call.page(rows)})


def logger_list(call: Call) -> Reply:
    """Answer device/datalogger/list, with a large object that says little of the plant."""
    plant = find_plant(call)
    rows: list[Json] = [
        {
            "sn": logger.serial,
            "model": _LOGGER_MODEL,
            "type": 0,
            "lost": not logger.reachable,
            "manufacturer": _MANUFACTURER,
            "netmode": "WIFI",
            "last_update_time": java_date(plant.house.at),
        }
        for logger in plant.loggers
    ]
    local = plant.house.at.astimezone(plant.house.time_zone)
    large = filled(
        "large_plant",
        {
            "id": plant.id,
            "treeID": f"PLANT_{plant.id}",
            "plantName": plant.name,
            "city": plant.city,
            "country": plant.country,
            "timezone": standard_hours(local),
            "timezoneText": zone_name(plant),
            "nominalPower": plant.peak_kw * 1000,
            "deviceCount": len(plant.devices),
            "createDate": java_date(plant.house.begun),
        },
    )
    return Reply(
        data={
            "count": len(rows),
            "dataloggers": call.page(rows),
            "peak_power_actual": large,
        }
    )


def type_of_serial(call: Call) -> Reply:
    """Answer device/check/sn: the serial number of any device is sent as that of a logger."""
    serial = call.text("dataloggerSn", Problem.SERIAL)
    for _, logger in call.account.loggers():
        if logger.serial == serial:
            return _checked(0, 3, "datalog", _LOGGER_MODEL, 0, meter=False)
    device = call.find(serial)
    return _checked(
        device.family.check_type,
        device.family.obj,
        {1: "inverter", 2: "storage"}.get(device.family.obj, "other"),
        device.profile.model if device.profile.packs else device.profile.key,
        device.profile.rated_w,
        meter=device.profile.metered,
    )


def logger_of_device(call: Call) -> Reply:
    """Answer device/sn_datalog."""
    return Reply(data={"datalogSN": call.device("device_sn").logger_serial})


def created(call: Call) -> Reply:
    """Answer device/all/create_date, by serial number; what is not there is left out."""
    wanted = call.text("devices", Problem.SYSTEM).split(",")
    rows: dict[str, Json] = {}
    for plant, device in call.devices():
        if device.serial in wanted:
            rows[device.serial] = {
                "createTime": f"{plant.created.isoformat()} 09:30:00",
                "datalogSn": device.logger_serial,
                "deviceName": device.family.named,
                "deviceSn": device.serial,
                "deviceType": "CLOVE",
                "lastUpdateTime": _updated(device),
                "tableName": "",
            }
    return Reply(data=rows or "")


def sensor_list(kind: type[Sensor]) -> Callable[[Call], Reply]:
    """Return the answer of meter_list or env_list."""

    def answer(call: Call) -> Reply:
        logger = _logger(call)
        rows: list[Json] = [
            sensor.row() for sensor in _sensors(call, kind) if _behind(sensor, logger)
        ]
        return Reply(
            data={
                "count": len(rows),
                kind.list_key: call.page(rows),
                "datalogger_sn": logger.serial,
            }
        )

    return answer


def sensor_last(kind: type[Sensor]) -> Callable[[Call], Reply]:
    """Return the answer of meter_last_data or env_last_data."""

    def answer(call: Call) -> Reply:
        sensor = _sensor(call, kind)
        data: Json = sensor.wire(sensor.samples[-1]) if sensor.samples else ""
        return Reply(data=data, root={"dataloggerSn": sensor.logger_serial})

    return answer


def sensor_history(kind: type[Sensor]) -> Callable[[Call], Reply]:
    """Return the answer of meter_data or env_data."""

    def answer(call: Call) -> Reply:
        sensor = _sensor(call, kind)
        first, last = call.span(sensor.house.time_zone)
        found: list[Sample] = [
            sample
            for sample in reversed(sensor.samples)
            if first <= sample.local.date() <= last
        ]
        number, size = call.pages()
        page = found[(number - 1) * size : number * size]
        rows: list[Json] = [sensor.wire(sample) for sample in page]
        key = "env_data" if kind is Weather else "meter_data"
        return Reply(
            data={
                "count": len(found),
                key: rows,
                "datalogger_sn": sensor.logger_serial,
            }
        )

    return answer


def _row(device: Device, kind: int) -> JsonObject:
    """Return a device as a plant's list shows it."""
    record = device.latest
    return {
        "device_sn": device.serial,
        "last_update_time": _updated(device),
        "model": device.profile.model,
        "lost": not device.reachable,
        "status": 0 if record is None or not device.reachable else 1,
        "manufacturer": _MANUFACTURER,
        "device_id": device.number,
        "datalogger_sn": device.logger_serial,
        "type": kind,
    }


def _sensor_row(sensor: Sensor, number: int) -> JsonObject:
    """Return a sensor as a plant's list shows it: it has no serial number but its logger's."""
    return {
        "device_sn": sensor.logger_serial,
        "last_update_time": sensor.samples[-1].text if sensor.samples else "",
        "model": sensor.device_name,
        "lost": not sensor.reachable,
        "status": 1,
        "manufacturer": _MANUFACTURER,
        "device_id": 9000 + number,
        "datalogger_sn": sensor.logger_serial,
        "type": _OTHER_TYPE,
    }


def _updated(device: Device) -> str:
    """Return the time of the last record."""
    return device.records[-1].text if device.records else ""


def _checked(
    kind: int, obj: int, words: str, model: str, watts: int, *, meter: bool
) -> Reply:
    """Return what a serial number is; this answer has no envelope."""
    fields: JsonObject = {
        "deviceType": kind,
        "model": model,
        "dtc": 5203 if obj == 1 else 0,
        "normalPower": watts,
        "haveMeter": int(meter),
        "obj": obj,
        "inSystem": obj in {1, 2},
        "msg": words,
        "result": 1,
    }
    return Reply(root=fields, bare=True)


def _sensors(call: Call, kind: type[Sensor]) -> list[Sensor]:
    """Return the account's sensors of a kind, brought up to date."""
    sensors = [sensor for sensor in call.account.sensors() if isinstance(sensor, kind)]
    for sensor in sensors:
        sensor.settle()
    return sensors


def _logger(call: Call) -> Logger:
    """Return the logger that is asked for."""
    serial = call.text("datalog_sn", Problem.SERIAL)
    for _, logger in call.account.loggers():
        if logger.serial == serial:
            logger.settle()
            return logger
    raise MistakeError(
        Problem.FORBIDDEN if call.cloud.knows(serial) else Problem.DEVICE
    )


def _sensor(call: Call, kind: type[Sensor]) -> Sensor:
    """Return the sensor behind a logger at an address."""
    logger = _logger(call)
    address = call.text("address", Problem.ADDRESS)
    for sensor in _sensors(call, kind):
        if _behind(sensor, logger) and sensor.address == address:
            return sensor
    raise MistakeError(Problem.DEVICE)


def _behind(sensor: Sensor, logger: Logger) -> bool:
    """Return whether a sensor hangs on a logger."""
    return sensor.logger_serial == logger.serial
