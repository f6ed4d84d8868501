"""Writing by v4 (Growatt notes 1.7)."""

from collections.abc import Callable
from datetime import datetime
import json
from typing import Final

from ..jsontypes import Json
from .call import Call
from .device import Device
from .endpoint import SET, Reply
from .errors import MistakeError, Problem
from .families import NOAH, SPA
from .settings import Setting, number
from .v4_read import v4_device
from .vpp import SCHEDULE, read_index, read_value

_DONE: Final = Reply(data=None, message=SET)
_MOST_SEGMENTS: Final = 9
_ASSIGNED: Final = {"deviceId", "deviceModel", "brandsName", "modelId", "type"}


def set_on_off(call: Call) -> Reply:
    """Answer setOnOrOff, which a NOAH does not know."""
    device = v4_device(call)
    if device.family is NOAH:
        raise MistakeError(Problem.WRONG_TYPE)
    return _set(call, device, {"onOff": _number(call, "value", 0, 1)})


def set_power(call: Call) -> Reply:
    """Answer setPower: percent of rated power, for a NOAH the W that it gives."""
    device = v4_device(call)
    if device.family is NOAH:
        watts = _number(call, "value", 0, device.profile.rated_w)
        return _set(call, device, {"defaultPower": watts})
    key = "activePRate" if device.family is SPA else "activeRate"
    return _set(call, device, {key: _number(call, "value", 0, 100)})


def set_noah(key: str, low: int, high: int) -> Callable[[Call], Reply]:
    """Return the answer of a call that sets one number of a NOAH."""

    def answer(call: Call) -> Reply:
        device = _noah(call)
        return _set(call, device, {key: _number(call, "value", low, high)})

    return answer


def set_segment(call: Call) -> Reply:
    """Answer setTimeSegment: modes are 0 load first, 1 battery first, 2 smart."""
    device = _noah(call)
    index = _number(call, "type", 1, _MOST_SEGMENTS)
    start, end = _clock(call, "startTime"), _clock(call, "endTime")
    if end < start:
        raise MistakeError(Problem.ORDER)
    return _set(
        call,
        device,
        {
            f"time{index}Start": f"{start[0]}:{start[1]}",
            f"time{index}End": f"{end[0]}:{end[1]}",
            f"time{index}Mode": _number(call, "mode", 0, 2),
            f"time{index}Power": _number(call, "power", 0, device.profile.rated_w),
            f"time{index}Enable": _number(call, "enable", 0, 1),
        },
    )


def set_device(call: Call) -> Reply:
    """Answer setDevice, which tells a NOAH what inverter it feeds."""
    device = _noah(call)
    try:
        value: Json = json.loads(call.text("value"))
    except ValueError:
        raise MistakeError(Problem.VALUE) from None
    if not isinstance(value, dict):
        raise MistakeError(Problem.VALUE)
    if set(value) != _ASSIGNED:
        raise MistakeError(Problem.VALUE)
    return _set(
        call,
        device,
        {
            "associatedInvSn": str(value["deviceId"]),
            "associatedInvManAndModel": str(value["modelId"]),
            "manName": str(value["brandsName"]),
            "modelName": str(value["deviceModel"]),
        },
    )


def read_vpp(call: Call) -> Reply:
    """Answer readVppParameter."""
    device = call.reach(_vpp(call))
    index = read_index(call.text("setType"))
    return Reply(data=device.vpp.show(index), message="success")


def set_vpp(call: Call) -> Reply:
    """Answer setVppParameter and setNewVppParameter."""
    device = call.reach(_vpp(call))
    index = read_index(call.text("setType"))
    value = read_value(index, call.text("value"))
    device.obey(call.path, lambda: device.vpp.set(index, value, device.house.at))
    return _DONE


def remove_vpp_periods(call: Call) -> Reply:
    """Answer removeVppTimePeriod, which clears the schedule and nothing else."""
    device = call.reach(_vpp(call))
    if read_index(call.text("setType")) != SCHEDULE:
        raise MistakeError(Problem.VALUE)
    device.obey(call.path, lambda: device.vpp.set(SCHEDULE, (), device.house.at))
    return _DONE


def _set(call: Call, device: Device, values: dict[str, Setting]) -> Reply:
    """Let a device that answers take settings."""
    call.write(call.reach(device), values)
    return _DONE


def _noah(call: Call) -> Device:
    """Return a NOAH."""
    device = v4_device(call)
    if device.family is not NOAH:
        raise MistakeError(Problem.WRONG_TYPE)
    return device


def _vpp(call: Call) -> Device:
    """Return a device that takes remote control."""
    device = v4_device(call)
    if not device.family.vpp or not device.profile.has_battery:
        raise MistakeError(Problem.WRONG_TYPE)
    return device


def _number(call: Call, name: str, low: int, high: int) -> int:
    """Return a whole number within bounds."""
    return int(number(call.params.get(name, ""), low, high))


def _clock(call: Call, name: str) -> tuple[int, int]:
    """Return a time HH:MM as hour and minute."""
    try:
        time = datetime.strptime(call.text(name), "%H:%M")
    except ValueError:
        raise MistakeError(Problem.VALUE) from None
    return time.hour, time.minute
