"""GroBoost, which heats water with what is left over; this house has none for it (Growatt notes 1.4)."""

from typing import TYPE_CHECKING

from ..jsontypes import Json
from .fields import filled
from .records import Record
from .times import java_calendar, java_date

if TYPE_CHECKING:
    from .device import Device

_ADDRESS = 84


def boost_record(device: Device, record: Record) -> dict[str, Json]:
    """Return a record: connected, and without power."""
    return filled(
        "boost_last",
        {
            "addr": _ADDRESS,
            "calendar": java_calendar(record.at),
            "datalogger_sn": device.logger_serial,
            "serialNum": device.serial,
            "timeText": record.text,
            "targetPower": device.profile.rated_w,
            "version": "9.1.0.2",
            "avpv": 230.6,
            "afreq": 50.0,
            "temperature": round(record.temperature),
        },
    )


def boost_details(device: Device) -> dict[str, Json]:
    """Return details, in which the last record is repeated."""
    record = device.latest
    return filled(
        "boost_detail",
        {
            "addr": _ADDRESS,
            "boostData": None if record is None else boost_record(device, record),
            "spctData": filled("boost_spct", {"addr": _ADDRESS}),
            "dataLogSn": device.logger_serial,
            "deviceName": "GRO_BOOST",
            "deviceSn": device.serial,
            "deviceType": "WIFI_METER",
            "deviceTypeInt": 69,
            "lastUpdateTime": java_date(device.house.at),
            "lastUpdateTimeText": "" if record is None else record.text,
            "lost": not device.reachable,
            "treeID": f"OD_{device.logger_serial}_69_addr{_ADDRESS}",
            "treeName": f"GRO_BOOST#{_ADDRESS}",
        },
    )
