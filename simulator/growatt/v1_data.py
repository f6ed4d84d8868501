"""What v1 tells of a device of any family (Growatt notes 1.4). Newest records come first."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date

from ..jsontypes import Json, JsonObject
from .call import Call
from .device import Device
from .endpoint import Reply
from .errors import MistakeError, Problem
from .families import INV, MAX, MIN, STORAGE, Family
from .fields import filled
from .records import Record
from .values import measured
from .wire import details, last_record, min_settings, wire_record

type Answer = Callable[[Call], Reply]

# A fault as people see it; codes of no documented meaning share one text.
_ALARM_TEXT = "No utility."


def data_info(family: Family) -> Answer:
    """Return the answer of {x}_data_info."""

    def answer(call: Call) -> Reply:
        device = v1_device(call, "device_sn", family)
        return Reply(data=details(device, v4=False), root=_root(device))

    return answer


def settings_info(call: Call) -> Reply:
    """Answer tlx_set_info."""
    device = v1_device(call, "device_sn", MIN)
    return Reply(data=min_settings(device), root=_root(device))


def last_data(family: Family, param: str) -> Answer:
    """Return the answer of {x}_last_data."""

    def answer(call: Call) -> Reply:
        device = v1_device(call, param, family)
        return Reply(
            data=last_record(device, v4=False) or "", root=_root(device, param)
        )

    return answer


def several_data(family: Family) -> Answer:
    """Return the answer of {x}s_data: records by serial number, twice over."""

    def answer(call: Call) -> Reply:
        devices = call.several(family.multiple, family)
        rows: dict[str, Json] = {}
        for device in devices:
            record = last_record(device, v4=False)
            rows[device.serial] = {
                "dataloggerSn": device.logger_serial,
                device.serial: record or "",
            }
        return Reply(
            data=rows,
            root={
                family.multiple: [device.serial for device in devices],
                "pageNum": int(call.params.get("pageNum") or 1),
            },
        )

    return answer


def history(family: Family, param: str) -> Answer:
    """Return the answer of {x}_data: at most seven days of the device's own time."""

    def answer(call: Call) -> Reply:
        device = v1_device(call, param, family)
        first, last = call.span(device.house.time_zone)
        found = records_between(device, first, last)
        number, size = call.pages()
        rows: list[Json] = [
            _past(device, device.shown(record))
            for record in found[(number - 1) * size : number * size]
        ]
        return Reply(
            data={
                "count": len(found),
                "datas": rows,
                "next_page_start_id": number * size + 1,
                _sn_key(family, param): device.serial,
                "datalogger_sn": device.logger_serial,
            }
        )

    return answer


def alarms(family: Family, param: str) -> Answer:
    """Return the answer of alarm_data: what was raised on a day."""

    def answer(call: Call) -> Reply:
        device = v1_device(call, param, family)
        day = call.day("date")
        rows: list[Json] = [
            {
                "alarm_code": int(event.code) if event.code.isdigit() else 0,
                "status": 1,
                "end_time": device.local(event.at).strftime("%Y-%m-%d %H:%M:%S.0"),
                "start_time": device.local(event.at).strftime("%Y-%m-%d %H:%M:%S.0"),
                "alarm_message": _ALARM_TEXT,
            }
            for event in device.fault_events
            if device.local(event.at).date() == day
        ]
        key = "sn" if family in {INV, STORAGE} else param
        return Reply(
            data={"count": len(rows), "alarms": call.page(rows), key: device.serial}
        )

    return answer


def energy_of_day(call: Call) -> Reply:
    """Answer day_energy of an inverter, in kWh."""
    device = v1_device(call, "device_sn", INV)
    day = call.day("date")
    assert day is not None
    found = records_between(device, day, day)
    energy = round(device.shown(found[0]).today.generation, 1) if found else 0
    return Reply(data=energy, root=_root(device))


def v1_device(call: Call, param: str, family: Family) -> Device:
    """Return a device of a family; a MAX that is listed as an inverter, too, is one here."""
    device = call.device(param)
    if device.family is family or (
        family is INV and device.family is MAX and INV.v1_type in device.profile.types
    ):
        return device
    raise MistakeError(Problem.WRONG_TYPE)


def records_between(device: Device, first: date, last: date) -> list[Record]:
    """Return the records of some days, newest first."""
    records = [*device.records]
    begin = bisect_left(records, first, key=_day)
    return records[begin : bisect_right(records, last, key=_day)][::-1]


def _day(record: Record) -> date:
    """Return the day of a record by the device's own clock."""
    return record.local.date()


def _past(device: Device, record: Record) -> JsonObject:
    """Return a record of the past; an inverter's has fewer fields than its last one."""
    if device.family is INV:
        return filled("inv_history", measured(device, record, v4=False))
    return wire_record(device, record, v4=False)


def _root(device: Device, param: str = "device_sn") -> JsonObject:
    """Return what stands beside the data."""
    return {"dataloggerSn": device.logger_serial, param: device.serial}


def _sn_key(family: Family, param: str) -> str:
    """Return the name of the serial number in a history."""
    return "sn" if family is INV else param
