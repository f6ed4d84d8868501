"""Devices, how they hang together, and records."""

from dataclasses import asdict
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.model import Device, Inventory, Record, Role

HOUSE = Device(kind="station", id="9", role=Role.HOUSE, name="House")
SYSTEM = Device(
    kind="inverter", id="5", role=Role.SYSTEM, name="KH8", parent="station_9"
)
LOGGER = Device(
    kind="logger", id="1", role=Role.PART, name="Logger", parent="inverter_5"
)
PACK = Device(kind="battery", id="7", role=Role.PART, name="Pack", parent="logger_1")
ROOF = Device(
    kind="inverter", id="6", role=Role.PRODUCER, name="S3000", parent="station_9"
)
LOST = Device(kind="meter", id="3", role=Role.PART, name="Meter", parent="gone_0")
ALL = [HOUSE, SYSTEM, LOGGER, PACK, ROOF, LOST]


@given(st.permutations(ALL))
def test_parents_stand_before_their_children(devices: list[Device]) -> None:
    """In whatever order devices come, the registry gets parents first."""
    inventory = Inventory.of(devices)
    assert set(inventory.devices) == {device.key for device in ALL}
    keys = list(inventory.devices)
    for key, device in inventory.devices.items():
        parents = [keys.index(parent) for parent in keys if parent == device.parent]
        assert all(parent < keys.index(key) for parent in parents)


@pytest.mark.parametrize(
    ("key", "system"),
    [
        ("inverter_5", SYSTEM),
        ("logger_1", SYSTEM),
        ("battery_7", SYSTEM),
        ("station_9", None),
        ("inverter_6", None),
        ("meter_3", None),
        ("unheard_of", None),
    ],
)
def test_system_of(key: str, system: Device | None) -> None:
    """A part leads up to its system; what has none leads nowhere."""
    assert Inventory.of(ALL).system_of(key) == system


def test_selections() -> None:
    """Devices are found by role, by parent and by name."""
    inventory = Inventory.of(ALL)
    assert inventory.with_role(Role.HOUSE) == [HOUSE]
    assert inventory.members("station_9") == [SYSTEM, ROOF]
    assert list(inventory.only(["inverter_5", "logger_1"]).devices) == [
        "inverter_5",
        "logger_1",
    ]


@pytest.mark.parametrize("device", ALL, ids=lambda device: device.key)
def test_device_is_stored(device: Device) -> None:
    """A device comes back from its stored form."""
    assert Device.from_dict(json.loads(json.dumps(asdict(device)))) == device


def test_updated_record() -> None:
    """Readings are added or replaced, the rest stays."""
    record = Record(values={"a": 1, "b": 2}, wire="kept")
    assert record.updated({"b": 3, "c": 4}) == Record(
        values={"a": 1, "b": 3, "c": 4}, wire="kept"
    )
