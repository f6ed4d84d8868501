"""Typed models of plants and devices, from what was seen on the wire."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.home_battery.transport.errors import TransientError
from custom_components.home_battery.vendors.growatt.families import (
    INVERTER,
    MAX,
    MIN,
    NOAH,
    SPH,
    Family,
)
from custom_components.home_battery.vendors.growatt.models import (
    Attached,
    CheckedSerial,
    DeviceEntry,
    Logger,
    Plant,
    PlantData,
    PlantDetails,
    PowerPoint,
    join,
)

# Growatt notes, 1.5.
DEVICE = {
    "device_sn": "ZT00100001",
    "last_update_time": "2018-12-13 11:03:52",
    "model": "A0B0D0T0PFU1M3S4",
    "lost": True,
    "status": 0,
    "manufacturer": "Growatt",
    "device_id": 116,
    "datalogger_sn": "CRAZT00001",
    "type": 1,
}
DEVICE_V4 = {
    "createDate": "2024-11-30 17:37:26",
    "datalogSn": "QMN000BZP3N6U09K",
    "deviceSn": "BZP3N6U09K",
    "deviceType": "min",
}
METER = {
    "device_name": "SDM_THREE",
    "address": "1",
    "raillog": "0",
    "lost": "0",
    "device_type": "134",
    "datalog_sn": "XGD6CKW316",
    "lastUpdateTime": "2026-06-06 17:09:35",
}


def entry(family: Family | None = None, **kwargs: Any) -> DeviceEntry:
    """Return an entry of one serial number."""
    return DeviceEntry(serial="SN1", family=family, **kwargs)


def test_device_of_version_1() -> None:
    """The first version tells plant, model and presence, and no name."""
    assert DeviceEntry.parse_v1(DEVICE, "7") == DeviceEntry(
        serial="ZT00100001",
        family=INVERTER,
        plant="7",
        logger="CRAZT00001",
        model="A0B0D0T0PFU1M3S4",
        online=False,
        in_v1=True,
    )


def test_device_of_version_4() -> None:
    """The other version tells the family and no plant."""
    assert DeviceEntry.parse_v4(DEVICE_V4) == DeviceEntry(
        serial="BZP3N6U09K", family=MIN, logger="QMN000BZP3N6U09K", in_v4=True
    )


@pytest.mark.parametrize(
    ("lost", "online"),
    [
        (True, False),
        (False, True),
        ("1", False),
        ("0", True),
        (1, False),
        (0, True),
        ("true", False),
        (None, None),
    ],
)
def test_lost(lost: object, online: bool | None) -> None:
    """What is lost is not online, however that is put."""
    assert DeviceEntry.parse_v1({**DEVICE, "lost": lost}, "7").online is online


def test_two_lists_of_one_device() -> None:
    """What one list does not tell, the other does."""
    (device,) = join(
        [
            entry(NOAH, logger="LOG1", in_v4=True),
            entry(plant="7", model="A0", online=True, in_v1=True),
        ]
    ).values()
    assert device == entry(
        NOAH,
        plant="7",
        logger="LOG1",
        model="A0",
        online=True,
        in_v1=True,
        in_v4=True,
    )


@pytest.mark.parametrize(
    ("families", "expected"),
    [
        pytest.param([INVERTER, MAX], MAX, id="a MAX is listed as an inverter too"),
        pytest.param([MAX, INVERTER], MAX, id="in any order"),
        pytest.param([None, SPH], SPH, id="only one knows"),
        pytest.param([SPH, None], SPH, id="only the other knows"),
        pytest.param([SPH, MIN], SPH, id="the first counts"),
        pytest.param([None, None], None, id="nobody knows"),
    ],
)
def test_family_of_two_lists(
    families: list[Family | None], expected: Family | None
) -> None:
    """A device has one family."""
    assert join(entry(family) for family in families)["SN1"].family == expected


def test_other_things_have_no_family() -> None:
    """Type 3 stands for loggers, meters and sensors alike."""
    assert DeviceEntry.parse_v1({**DEVICE, "type": 3}, "7").family is None
    assert DeviceEntry.parse_v4({**DEVICE_V4, "deviceType": "new"}).family is None


@pytest.mark.parametrize(
    ("text", "name", "offset"),
    [
        ("GMT+1", None, timezone(timedelta(hours=1))),
        ("GMT-6", None, timezone(timedelta(hours=-6))),
        ("America/New_York", "America/New_York", None),
        ("US/Central", "US/Central", None),
        ("Etc/GMT-1", "Etc/GMT-1", None),
        ("somewhere", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_zone(text: object, name: str | None, offset: timezone | None) -> None:
    """A plant tells an offset, and hardly ever a name."""
    details = PlantDetails.parse({"timezone": text})
    assert (details.time_zone, details.offset) == (name, offset)


def test_plant_data() -> None:
    """Numbers are texts at times; the plant's own clock counts."""
    data = PlantData.parse(
        {
            "current_power": 0,
            "today_energy": "0.2",
            "total_energy": "45.1",
            "efficiency": "",
            "last_update_time": "2025-02-24 15:34:56",
            "timezone": "GMT+1",
        }
    )
    assert data == PlantData(
        time=datetime(2025, 2, 24, 14, 34, 56, tzinfo=UTC),
        current_power=0,
        energy_today=0.2,
        energy_total=45.1,
    )
    assert PlantData.parse(
        {"current_power": "", "last_update_time": "2025-02-24 15:34:56"}
    ) == PlantData(time=None, current_power=None, energy_today=None, energy_total=None)


def test_powers() -> None:
    """A day's powers come in no order, without those that are still to come."""
    points = PowerPoint.parse_all(
        {
            "count": 4,
            "powers": [
                {"time": "2018-12-13 10:45", "power": None},
                {"time": "2018-12-13 10:40", "power": 12.5},
                {"time": "2018-12-13 10:35", "power": "0"},
                {"time": "", "power": 7},
            ],
        },
        ZoneInfo("Europe/Berlin"),
    )
    assert [(f"{point.time:%H:%M}", point.power) for point in points] == [
        ("09:35", 0),
        ("09:40", 12.5),
    ]


def test_meter() -> None:
    """A meter has an address and no serial number."""
    assert Attached.parse(METER, "LOG1") == Attached(
        logger="XGD6CKW316", address="1", name="SDM_THREE", kind=134, online=True
    )
    sensor = {"address": 32, "deviceName": "ENV_DEVICE", "deviceType": "48", "lost": 1}
    assert Attached.parse(sensor, "LOG1") == Attached(
        logger="LOG1", address="32", name="ENV_DEVICE", kind=48, online=False
    )


def test_logger() -> None:
    """A data logger may have its serial number under either name."""
    told = {"sn": "LOG1", "model": "ShineWeFi", "lost": True}
    expected = Logger(serial="LOG1", model="ShineWeFi", online=False)
    assert Logger.parse(told) == expected
    assert Logger.parse({**told, "sn": "", "datalogger_sn": "LOG1"}) == expected


def test_plant_without_a_name() -> None:
    """A plant is named by its id where it has no name."""
    assert Plant.parse({"plant_id": 24832, "name": " "}) == Plant(
        id="24832", name="24832"
    )


def test_check() -> None:
    """A logger has no power; a device has its family and model."""
    checked = CheckedSerial.parse(
        {"deviceType": 22, "model": "NEO 800M-X", "normalPower": 800}
    )
    assert (checked.family, checked.rated_power) == (MIN, 800)
    logger = CheckedSerial.parse(
        {"deviceType": 0, "model": "ShineWeFi", "normalPower": 0}
    )
    assert logger.family is not None
    assert (logger.family.key, logger.rated_power) == ("datalogger", None)


@pytest.mark.parametrize(
    ("parse", "data"),
    [
        (Plant.parse, {"name": "Home"}),
        (Plant.parse, ""),
        (DeviceEntry.parse_v4, {"deviceSn": ""}),
        (Logger.parse, {"model": "ShineWeFi"}),
        (lambda data: Attached.parse(data, "LOG1"), {"device_name": "SDM_THREE"}),
        (lambda data: DeviceEntry.parse_v1(data, "7"), {"type": 1}),
        (PlantDetails.parse, []),
    ],
)
def test_answer_without_what_matters(
    parse: Callable[[object], Any], data: object
) -> None:
    """What could not be recognised again is a bad answer."""
    with pytest.raises(TransientError):
        parse(data)


@pytest.mark.parametrize(
    ("parse", "data"),
    [
        (partial(DeviceEntry.parse_v1, plant="1"), {"device_sn": 12345, "type": 7}),
        (DeviceEntry.parse_v4, {"deviceSn": 12345, "deviceType": "min"}),
        (Logger.parse, {"sn": 12345}),
    ],
)
def test_number_is_no_serial_number(
    parse: Callable[[object], object], data: dict[str, object]
) -> None:
    """A number would be taken for another device, which nobody has."""
    with pytest.raises(TransientError):
        parse(data)


def test_nameplate_of_nonsense() -> None:
    """A number is no model, by which a nameplate is known to be one."""
    assert CheckedSerial.parse({"model": 12345, "normalPower": ["n/a"]}).model is None
