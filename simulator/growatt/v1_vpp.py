"""Remote control by v1 (Growatt notes 1.4)."""

from typing import Final

from ..wall_clock import MINUTES_PER_DAY
from .call import Call
from .device import Device
from .endpoint import Reply
from .errors import ApiError, MistakeError, Problem
from .settings import number
from .vpp import read_periods

_SET_FAILURE: Final = 500


def vpp_soc(call: Call) -> Reply:
    """Answer getSocData: everything stands beside the data."""
    device = _device(call)
    record = device.latest
    if record is None or not device.profile.has_battery:
        raise MistakeError(Problem.SYSTEM)
    return Reply(
        root={
            "soc": round(record.soc),
            "dataLogSn": device.logger_serial,
            "sn": device.serial,
        }
    )


def vpp_now(call: Call) -> Reply:
    """Answer vppRemoteSetNew: minutes, and percent of rated power, + charges."""
    device = _reached(call)
    minutes = int(number(call.text("time"), 0, MINUTES_PER_DAY))
    percent = int(number(call.text("percentage"), -100, 100))
    device.obey(
        call.path, lambda: device.vpp.command(minutes, percent, device.house.at)
    )
    return Reply(data=0)


def vpp_plan(call: Call) -> Reply:
    """Answer vppSetNew: all periods of the day at once, as JSON."""
    device = _reached(call)
    periods = read_periods(call.text("timePeriods"))
    device.obey(call.path, lambda: device.vpp.plan(periods))
    return Reply(data=0)


def _device(call: Call) -> Device:
    """Return a device of a family that takes remote control by v1."""
    device = call.device("vppSn")
    if not (device.family.vpp and device.family.v1):
        raise MistakeError(Problem.WRONG_TYPE)
    return device


def _reached(call: Call) -> Device:
    """Return such a device with a battery, which has to answer itself."""
    device = _device(call)
    if not device.profile.has_battery:
        raise ApiError(_SET_FAILURE, "Set Parameter Failure")
    return call.reach(device)
