"""What a NOAH or a NEXA says (Growatt notes 1.7 and 1.8). Power in W, energy in kWh."""

from typing import TYPE_CHECKING

from ..jsontypes import Json
from .fields import filled
from .records import Record
from .times import china, millis

if TYPE_CHECKING:
    from .device import Device

_IDLE, _CHARGING, _DISCHARGING = 0, 1, 2
_ONLINE, _FAULT, _ON_GRID = 1, 4, 6
_STRING_VOLTS = 31.4
_UINT16 = 65536
_IDLE_BELOW_W = 5


def noah_record(device: Device, record: Record) -> dict[str, Json]:
    """Return the record that v4 sends."""
    packs: dict[str, Json] = {}
    for index in range(1, device.profile.packs + 1):
        packs |= {
            f"battery{index}SerialNum": pack_serial(device, index),
            f"battery{index}Soc": round(record.soc),
            f"battery{index}Temp": record.temperature,
            f"battery{index}TempF": round(record.temperature * 1.8 + 32, 1),
        }
    strings = device.profile.strings
    for index in range(1, strings + 1):
        power = record.pv / strings
        packs |= {
            f"pv{index}Voltage": _STRING_VOLTS if record.pv else 7.3,
            f"pv{index}Current": round(power / _STRING_VOLTS, 2),
            f"pv{index}Temp": round(24 + power / 40, 1),
        }
    cell = 3000 + 4 * round(record.soc)
    today = record.today.generation
    return filled(
        "noah_last_v4",
        {
            **packs,
            "deviceSn": device.serial,
            "datalogSn": device.serial,
            "time": millis(record.at),
            "timeStr": china(record.at),
            "status": noah_status(record),
            "workMode": device.noah_mode,
            "ppv": round(record.pv, 1),
            "pac": round(record.generation),
            "onGridPower": round(record.generation, 1),
            "onGridVoltage": 230.6,
            "onGridCurrent": round(abs(record.generation) / 230.6, 2),
            "totalBatteryPackSoc": round(record.soc),
            "totalBatteryPackChargingStatus": battery_status(record),
            "totalBatteryPackChargingPower": -round(record.battery),
            "batteryPackageQuantity": device.profile.packs,
            "batterySoh": 99,
            "batteryCycles": 41,
            "maxCellVoltage": cell + 3.0,
            "minCellVoltage": float(cell),
            "chargeSocLimit": device.settings["chargingSocHighLimit"],
            "dischargeSocLimit": device.settings["chargingSocLowLimit"],
            "ctFlag": 1,
            "ctSelfPower": float(round(record.grid)),
            "totalHouseholdLoad": household_load(record),
            "householdLoadApartFromGroplug": float(round(_load(record))),
            "eacToday": round(today, 1),
            "eacMonth": round(record.month.generation, 1),
            "eacYear": round(record.year.generation, 1),
            "eacTotal": round(record.energies.generation, 1),
            "systemTemp": round(26 + record.generation / 60, 1),
            "mpptProtectStatus": 0,
            "pdWarnStatus": 0,
        },
    )


def noah_details(device: Device) -> dict[str, Json]:
    """Return identity and settings as v4 sends them."""
    record = device.latest
    known: dict[str, Json] = {}
    if record is not None:
        known = {
            "lastUpdateTime": millis(record.at),
            "lastUpdateTimeText": china(record.at),
            "status": noah_status(record),
        }
    return filled(
        "noah_detail_v4",
        {
            **device.settings,
            **known,
            "alias": device.profile.model,
            "deviceSn": device.serial,
            "datalogSn": device.serial,
            "portName": f"ShinePano-{device.serial}",
            "model": device.profile.model,
            "bmsVersion": "213005",
            "mpptVersion": "212004",
            "pdVersion": "211005",
            "lost": not device.reachable,
            "sysTime": millis(device.house.at),
            "timezone": 2.0,
        },
    )


def pack_serial(device: Device, index: int) -> str:
    """Return the serial number of a battery pack, the first of which is the device's own."""
    return device.serial if index == 1 else f"{device.serial[:-2]}P{index}"


def noah_status(record: Record) -> int:
    """Return the status: 1 normal, 4 fault, 6 on grid."""
    if record.faults:
        return _FAULT
    return _ON_GRID if abs(record.generation) > _IDLE_BELOW_W else _ONLINE


def battery_status(record: Record) -> int:
    """Return 0 idle, 1 charging, 2 discharging."""
    if record.charge > _IDLE_BELOW_W:
        return _CHARGING
    return _DISCHARGING if record.discharge > _IDLE_BELOW_W else _IDLE


def household_load(record: Record) -> float:
    """Return the load as the device works it out; below zero the 16 bits of its counter turn over."""
    return float(round(_load(record)) % _UINT16)


def _load(record: Record) -> float:
    """Return what the meter shows and the device gives: with other producers, less than the house takes."""
    return record.grid + record.generation
