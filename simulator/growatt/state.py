"""All that the devices hold, for the control server. Power in W, energy in kWh."""

from ..jsontypes import JsonObject
from .account import Plant
from .device import Device


def device_state(device: Device) -> JsonObject:
    """Return one device with its house."""
    unit, house = device.unit, device.house
    return {
        "serial": device.serial,
        "model": device.model,
        "logger": device.logger_serial,
        "reachable": device.reachable,
        "soc": device.soc,
        "settings": dict(device.settings),
        "vpp": {
            "values": {str(index): value for index, value in device.vpp.values.items()},
            "until": None if device.vpp.until is None else device.vpp.until.isoformat(),
            "periods": len(device.vpp.periods),
        },
        "faults": list(device.fault_codes),
        "mode": device.orders.mode.name.lower(),
        "power": {
            "pv": unit.flow.pv,
            "battery": unit.flow.battery,
            "generation": unit.flow.generation,
            "grid": house.grid_w,
            "load": house.load_w,
        },
        "ledger": {**unit.ledger.as_dict(), "house": house.ledger.as_dict()},
        "last_upload": device.records[-1].text if device.records else None,
    }


def plant_state(plant: Plant) -> JsonObject:
    """Return one plant."""
    return {
        "plant_id": plant.id,
        "name": plant.name,
        "time_zone": plant.house.time_zone.key,
        "devices": [
            {"serial": device.serial, "model": device.model} for device in plant.devices
        ],
        "loggers": [logger.serial for logger in plant.loggers],
        "sensors": [
            {
                "logger": sensor.logger_serial,
                "address": sensor.address,
                "name": sensor.device_name,
            }
            for sensor in plant.sensors
        ],
    }
