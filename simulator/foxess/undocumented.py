"""What the vendor once documented and may still answer (Fox ESS notes 0.4); the shapes are a guess."""

from ..jsontypes import Json, JsonObject
from .call import Call
from .errors import UNSUPPORTED, ApiError
from .reports import report_query


def report_statistic(call: Call) -> list[Json]:
    """Answer device/report/statistic: a report, with one sum instead of the values of each part."""
    rows: list[Json] = []
    for row in report_query(call):
        assert isinstance(row, dict)
        values = row.pop("values")
        rows.append({**row, "value": sum(values)})
    return rows


def battery_real(call: Call) -> JsonObject:
    """Answer device/battery/real/query, as of the last upload: Wh, kWh and percent."""
    inverter = call.device(call.fields("sn").text("sn"))[1]
    if not inverter.profile.has_battery or not inverter.records:
        raise ApiError(UNSUPPORTED)
    record = inverter.records[-1]
    backup = float(inverter.settings["MinSoc"])
    stored = record.capacity_wh * record.soc / 100
    return {
        "sn": inverter.serial,
        "capacity": record.capacity_wh,
        "remainCapacity": round(stored, 1),
        "energy": round(stored / 1000, 2),
        "soc": round(record.soc),
        "soh": 99,
        "backupSoc": int(backup),
        "backupEnergy": round(record.capacity_wh * backup / 100_000, 2),
    }
