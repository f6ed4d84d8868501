"""All that the devices hold, for the control server. Power in W, energy in kWh."""

from ..jsontypes import Json, JsonObject
from .account import Station
from .device import Inverter
from .ems import Ems
from .gmax import Gmax
from .heat_pumps import HeatPump
from .meters import Meter
from .uplink import Uplink


def inverter_state(inverter: Inverter) -> JsonObject:
    """Return one inverter with its house."""
    unit, house = inverter.unit, inverter.house
    groups: list[Json] = [
        {
            "start": f"{group.start // 60:02}:{group.start % 60:02}",
            "end": f"{group.end // 60:02}:{group.end % 60:02}",
            "work_mode": group.work_mode,
            "enabled": group.enabled,
            "params": dict(group.params),
        }
        for group in inverter.scheduler.groups
    ]
    return {
        "serial": inverter.serial,
        "model": inverter.model,
        "station_id": inverter.station_id,
        "status": inverter.status,
        "soc": inverter.soc,
        "settings": inverter.settings,
        "charge_times": inverter.charge_times.as_json(),
        "peak_shaving": {
            "import_w": inverter.peak_import_kw * 1000,
            "soc": inverter.peak_soc,
        },
        "heating": inverter.heating,
        "display_sleep": inverter.display_sleep,
        "meter_reader": inverter.meter_reader.as_json(),
        "boarding": inverter.boarding,
        "clock_offset": inverter.clock_offset.total_seconds(),
        "faults": list(inverter.fault_codes),
        "scheduler": {"enabled": inverter.scheduler.enabled, "groups": groups},
        "power": {
            "pv": unit.flow.pv,
            "battery": unit.flow.battery,
            "generation": unit.flow.generation,
            "grid": house.grid_w,
            "load": house.load_w,
        },
        "ledger": {**unit.ledger.as_dict(), "house": house.ledger.as_dict()},
        "last_upload": inverter.records[-1].time if inverter.records else None,
    }


def station_state(station: Station) -> JsonObject:
    """Return one plant."""
    return {
        "station_id": station.id,
        "name": station.name,
        "time_zone": station.time_zone,
        "inverters": [inverter.serial for inverter in station.inverters],
        "parts": [part.serial for part in station.parts],
    }


def part_state(part: Uplink) -> JsonObject:
    """Return what is no inverter."""
    part.settle()
    return {
        "kind": type(part).__name__,
        "serial": part.serial,
        "station_id": part.station_id,
        "reachable": part.reachable,
        **_details(part),
    }


def _details(part: Uplink) -> dict[str, Json]:
    """Return what only one kind of part holds."""
    match part:
        case Ems():
            return {
                "ems_id": part.ems_id,
                "inverters": [inverter.serial for inverter in part.inverters],
                "settings": part.settings,
                "system": part.system.as_json(),
                "rates": {
                    str(port): rate.as_json() for port, rate in part.rates.items()
                },
            }
        case Gmax():
            return {
                "soc": part.soc,
                "power": part.unit.flow.battery,
                "plan": {
                    "enabled": part.plan.enabled,
                    "periods": [period.as_json() for period in part.plan.periods],
                },
            }
        case Meter():
            return {"settings": part.settings}
        case HeatPump():
            return {
                "register_status": part.register_status,
                "controls": part.controls,
            }
    return {}
