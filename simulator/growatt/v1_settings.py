"""Reading and writing single settings by v1 (Growatt notes 1.6)."""

from collections.abc import Sequence
from typing import Final

from .call import Call
from .commands import COMMANDS, READABLE
from .device import Device
from .endpoint import Reply
from .errors import MistakeError, Problem
from .families import INV, Family
from .settings import Setting, number, read_command
from .v1_data import Answer, v1_device

_ANY_REGISTER: Final = "set_any_reg"
_HIGHEST_REGISTER: Final = 65535
_MOST_REGISTERS: Final = 100
# The registers that mean something (Growatt notes 1.6): 257 switches on.
_ON_REGISTER, _RATE_REGISTER = 0, 3
_ON_VALUES: Final = {0: 0, 1: 1, 257: 1}


def setting_read(family: Family) -> Answer:
    """Return the answer of read*Param, which asks the device itself."""

    def answer(call: Call) -> Reply:
        device = call.reach(v1_device(call, "device_sn", family))
        name = call.text("paramId", Problem.TYPE)
        if name == _ANY_REGISTER:
            first, last = (
                int(number(call.text(key, Problem.SYSTEM), 0, _HIGHEST_REGISTER))
                for key in ("startAddr", "endAddr")
            )
            if not 0 <= last - first < _MOST_REGISTERS:
                raise MistakeError(Problem.SYSTEM)
            values = [_register(device, at) for at in range(first, last + 1)]
            return Reply(data=",".join(str(value) for value in values))
        if name not in READABLE[family.key]:
            raise MistakeError(Problem.TYPE)
        key = next(iter(COMMANDS[family.key][name][0].empty))
        return Reply(data=str(device.settings[key]))

    return answer


def setting_write(family: Family, param: str) -> Answer:
    """Return the answer of *Set; what a command sets is set as a whole."""
    kind = "paramId" if family is INV else "type"
    prefix = "command_" if family is INV else "param"

    def answer(call: Call) -> Reply:
        device = call.reach(v1_device(call, param, family))
        name = call.text(kind, Problem.TYPE)
        texts = [
            call.params.get(f"{prefix}{index}", "")
            for index in range(1, family.params + 1)
        ]
        call.write(device, read_setting(family, name, texts))
        return Reply()

    return answer


def read_setting(family: Family, name: str, texts: Sequence[str]) -> dict[str, Setting]:
    """Return the settings that a command and its values mean."""
    if name == _ANY_REGISTER:
        at = int(number(texts[0], 0, _HIGHEST_REGISTER))
        value = int(number(texts[1], 0, _HIGHEST_REGISTER))
        if at == _ON_REGISTER:
            if value not in _ON_VALUES:
                raise MistakeError(Problem.VALUE)
            return {"onOff": _ON_VALUES[value]}
        return {"activeRate" if at == _RATE_REGISTER else f"register{at}": value}
    command = COMMANDS[family.key].get(name)
    if command is None:
        raise MistakeError(Problem.TYPE)
    return read_command(command, texts)


def _register(device: Device, at: int) -> Setting:
    """Return a register; one that nobody wrote is 0."""
    if at == _ON_REGISTER:
        return device.settings["onOff"]
    if at == _RATE_REGISTER:
        return device.settings["activeRate"]
    return device.settings.get(f"register{at}", 0)
