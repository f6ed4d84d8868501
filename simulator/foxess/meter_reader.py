"""A foreign meter that a device reads over the local network (Fox ESS notes 1.11)."""

from dataclasses import dataclass
from typing import Final

from ..jsontypes import JsonObject
from .schema import Fields

_OFF: Final = 0
_TYPES: Final = frozenset({_OFF, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12})


@dataclass(frozen=True, kw_only=True)
class MeterReader:
    """Which meter is read, where it is, and its password."""

    reader_type: int = _OFF
    ip: str = ""
    key: str = ""

    def as_json(self) -> JsonObject:
        """Return the reader as the server sends it; it works if it knows where to look."""
        return {
            "readerType": self.reader_type,
            "readerStatus": int(self.reader_type != _OFF and bool(self.ip)),
            "readerInfo": {"ip": self.ip, "key": self.key},
        }


def read_meter_reader(fields: Fields) -> MeterReader:
    """Return the reader of a request."""
    reader_type = int(fields.member("readerType", _TYPES))
    info = Fields(fields.raw("readerInfo"), optional=("ip", "key"))
    return MeterReader(
        reader_type=reader_type,
        ip=info.text("ip") if info.has("ip") else "",
        key=info.text("key") if info.has("key") else "",
    )
