"""Who a device is, and how it is, under the names of any family."""

from typing import TYPE_CHECKING, Final

from ..jsontypes import Json
from .families import HPS, INV, MIN, PBD, PCS, SPA, SPH, SPHS, STORAGE
from .records import Record
from .times import standard_hours

if TYPE_CHECKING:
    from .device import Device

_WAITING, _NORMAL, _FAULT = 0, 1, 2
_INV_FAULT: Final = 3
# Some families say in their status how they run, not whether.
_RUNNING: Final = {SPH: 5, SPA: 5, SPHS: 5, STORAGE: 2, PCS: 5, HPS: 5, PBD: 5}


def identity(device: Device, record: Record | None) -> dict[str, Json]:
    """Return names, numbers, and the state."""
    sn, logger, rated = device.serial, device.logger_serial, device.profile.rated_w
    status = state(device, record)
    return {
        **dict.fromkeys(("serialNum", "deviceSn", "inverterId", "treeName"), sn),
        **dict.fromkeys(("dataLogSn", "datalogSn"), logger),
        "treeID": f"ST_{sn}",
        "parentID": f"LIST_{logger}_{device.family.check_type}",
        "addr": 1,
        "deviceType": 1,
        "modelText": device.profile.model,
        "portName": f"ShinePano-{logger}",
        "fwVersion": "SIM1.0",
        "innerVersion": "SIMAA0101",
        "communicationVersion": "SIMA-0001",
        "manufacturer": "New Energy",
        "pmax": rated * 10,
        **dict.fromkeys(("nominalPower", "normalPower", "rateWatt", "rateVA"), rated),
        "timezone": standard_hours(device.local(device.house.at)),
        "lost": not device.reachable,
        "status": status,
        "statusText": status_text(device, status),
        "time": "" if record is None else record.text,
        "lastUpdateTimeText": "" if record is None else record.text,
        "bdc1Sn": f"BDC{sn[-7:]}" if device.profile.has_battery else "",
        "batSn": f"BAT{sn[-7:]}" if device.profile.has_battery else "",
        "priorityChoose": device.priority,
        "power": 0 if record is None else round(record.generation, 1),
        **_shape_of_type(device),
    }


def state(device: Device, record: Record | None) -> int:
    """Return the status as the family counts it; it stands with the record that repeats."""
    family = device.family
    if record is None or not record.on:
        return _WAITING
    if record.faults:
        return _INV_FAULT if family is INV else _FAULT
    if not device.profile.has_battery and record.pv <= 0 and device.profile.pv_peak_w:
        return _WAITING
    return _RUNNING.get(family, _NORMAL)


def status_text(device: Device, status: int) -> str:
    """Return the words for a status."""
    if status == _WAITING:
        return "Waiting"
    if status == (_INV_FAULT if device.family is INV else _FAULT) and (
        device.family not in _RUNNING
    ):
        return "Fault"
    return device.family.status


def _shape_of_type(device: Device) -> dict[str, Json]:
    """Return what tells models of one family apart."""
    if device.family is MIN:
        return {"deviceType": 5, "dtc": 5203 if device.profile.has_battery else 5100}
    return {"dtc": 3501, "model": 2666130979655057522}
