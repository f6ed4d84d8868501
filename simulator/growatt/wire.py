"""A device's records and details as they travel, in the words of v1 or v4."""

from typing import TYPE_CHECKING

from ..jsontypes import Json
from .boost import boost_details, boost_record
from .families import BOOST, HPS, MIN, NOAH
from .fields import exists, filled
from .identity import identity
from .noah import noah_details, noah_record
from .records import Record
from .times import marks
from .values import measured

if TYPE_CHECKING:
    from .device import Device


def last_record(device: Device, *, v4: bool) -> dict[str, Json] | None:
    """Return the last record, or None before the first."""
    record = device.latest
    return None if record is None else wire_record(device, record, v4=v4)


def wire_record(device: Device, record: Record, *, v4: bool) -> dict[str, Json]:
    """Return a record."""
    if device.family is NOAH:
        return noah_record(device, record)
    if device.family is BOOST:
        return boost_record(device, record)
    return filled(_table(device, "last", v4=v4), measured(device, record, v4=v4))


def details(device: Device, *, v4: bool) -> dict[str, Json]:
    """Return what a device is and holds."""
    if device.family is NOAH:
        return noah_details(device)
    if device.family is BOOST:
        return boost_details(device)
    record = device.latest
    now = marks(device.house.at if record is None else record.at, v4=v4)
    known: dict[str, Json] = {**device.settings, **identity(device, record), **now}
    if device.family is HPS:
        # The one family that has a calendar here.
        known["lastUpdateTime"] = now["calendar"]
    if device.family is MIN:
        # The library that knows both has seen the bean in v1 only.
        known["tlxSetbean"] = None if v4 else min_settings(device)
    return filled(_table(device, "detail", v4=v4), known)


def min_settings(device: Device) -> dict[str, Json]:
    """Return the settings of a MIN; without a battery it says that it has no mode."""
    record = device.latest
    moment = device.house.at if record is None else record.at
    known: dict[str, Json] = {
        **device.settings,
        "serialNum": device.serial,
        "lastUpdateTime": marks(moment, v4=False)["lastUpdateTime"],
        "lastUpdateTimeText": "" if record is None else record.text,
        "sysTimeText": device.local(device.house.at).strftime("%Y-%m-%d %H:%M:%S"),
    }
    if not device.profile.has_battery:
        known["bdcMode"] = -1
    return filled("min_settings", known)


def _table(device: Device, kind: str, *, v4: bool) -> str:
    """Return the table of fields; where v4 has none of its own it is that of v1."""
    name = f"{device.family.table}_{kind}"
    return f"{name}_v4" if v4 and exists(f"{name}_v4") else name
