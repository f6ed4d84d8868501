"""What a device is doing, from the codes and texts of its family (Growatt notes, section 5).

Codes mean different things in different families, and the documents are short of some.
Where a family knows a code, it decides; else the text does, which the cloud writes in
English. The modes of hybrids are those of Growatt's Modbus protocol (register 1000).
"""

from collections.abc import Mapping
import re
from typing import Final

from ...battery.fields import number
from ...battery.model import Status, Value

_STRING: Final[Mapping[int, Status]] = {
    0: Status.WAITING,
    1: Status.RUNNING,
    3: Status.FAULT,
    4: Status.UPDATING,
}
# The protocol's self-test has the code of the documents' normal; the text tells.
_HYBRID: Final[Mapping[int, Status]] = {
    0: Status.WAITING,
    3: Status.FAULT,
    4: Status.UPDATING,
    5: Status.RUNNING,
    6: Status.RUNNING,
    7: Status.OFF_GRID,
    8: Status.OFF_GRID,
}
_NOAH: Final[Mapping[int, Status]] = {
    1: Status.RUNNING,
    4: Status.FAULT,
    5: Status.RUNNING,
    6: Status.RUNNING,
}
_CODES: Final[Mapping[str, Mapping[int, Status]]] = {
    "inverter": _STRING,
    "max": {**_STRING, 0: Status.STANDBY},
    "min": {
        **_HYBRID,
        1: Status.RUNNING,
        2: Status.FAULT,
        100: Status.RUNNING,
    },
    "sph": _HYBRID,
    "spa": _HYBRID,
    # Its text calls everything beyond these a fault, also while it runs.
    "sph-s": {0: Status.WAITING, 1: Status.RUNNING, 2: Status.FAULT},
    "wit": {**_STRING, 2: Status.FAULT},
    "storage": {
        0: Status.STANDBY,
        2: Status.RUNNING,
        3: Status.FAULT,
        4: Status.UPDATING,
    },
    "noah": _NOAH,
    "nexa": _NOAH,
}
_TEXTS: Final = (
    (re.compile("fault|failure"), Status.FAULT),
    (re.compile("upgrad|updat|flash"), Status.UPDATING),
    (re.compile("check|self.?test"), Status.CHECKING),
    (re.compile("standby|bypass"), Status.STANDBY),
    (re.compile("waiting"), Status.WAITING),
    (re.compile("(pv|bat) ?offline"), Status.OFF_GRID),
    (re.compile("normal|operating|online|charg"), Status.RUNNING),
)
_TEXTLESS: Final = frozenset({"sph-s"})
_FAULTS: Final = ("faulttype", "faultcode", "faultstatus")
# What says whether the device runs on the grid: by field, then by code.
_ON_GRID: Final[Mapping[str, Mapping[int, bool]]] = {
    "onoffgrid": {0: True, 1: False},
    "uwsysworkmode": {5: True, 6: True, 7: False, 8: False},
}
_ON_GRID_FAMILIES: Final = frozenset({"min", "sph", "spa", "noah", "nexa"})


def state_of(family: str, record: Mapping[str, object]) -> dict[str, Value]:
    """Return the status, whether there is a problem, and whether the grid is there.

    Args:
        family: The device's family.
        record: What it sent, by names in lower case.
    """
    result: dict[str, Value] = {}
    status = _meaning(_CODES.get(family, {}), record, "status")
    if status is None and family not in _TEXTLESS:
        status = _told(record.get("statustext"))
    if status is not None:
        result["status"] = status.value
    codes = [code for name in _FAULTS if (code := _code(record, name)) is not None]
    if status is not None or codes:
        result["problem"] = status is Status.FAULT or any(code > 0 for code in codes)
    if family in _ON_GRID_FAMILIES:
        for name, states in _ON_GRID.items():
            if (connected := _meaning(states, record, name)) is not None:
                result["grid_connected"] = connected
    return result


def _code(record: Mapping[str, object], name: str) -> int | None:
    """Return a code, if there is one."""
    code = number(record.get(name))
    return None if code is None else int(code)


def _meaning[MeaningT](
    meanings: Mapping[int, MeaningT], record: Mapping[str, object], name: str
) -> MeaningT | None:
    """Return what a code means, if there is one that is known."""
    code = _code(record, name)
    return None if code is None else meanings.get(code)


def _told(text: object) -> Status | None:
    """Return what a text says, if it is one that is understood."""
    if not isinstance(text, str):
        return None
    return next(
        (status for pattern, status in _TEXTS if pattern.search(text.lower())), None
    )
