"""The common readings of NOAH and NEXA (Growatt notes, sections 1.7, 1.8 and 5.5).

Whether their `pac` is positive when they feed the house or when they charge from it
is not documented: a comment on the app's calls says the latter, while records of v4
show it positive as the battery discharges, and call it output. So its sign is taken
from the balance: what comes out is what PV and battery give, and where they take
more than they give, it went in. Only where the balance is unknown it counts as output.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final

from ...battery.fields import number
from .sums import Measures, Sum, cycles, each, energy, flow, percent, power
from .times import SERVER_ZONE, moment_of

NOAH: Final[Measures] = {
    "pv_power": each(flow("ppv")),
    "pv_energy": each(energy("eactotal")),
    "battery_soc": each(percent("totalbatterypacksoc", "soc")),
    "battery_soh": each(percent("batterysoh")),
    "battery_power": (
        Sum((flow("dischargepower"),), (flow("chargepower"),)),
        Sum((), (power("totalbatterypackchargingpower"),)),
    ),
    "battery_cycles": each(cycles("batterycycles")),
    "inverter_power": each(power("pac")),
    "grid_power": each(power("ctselfpower", "gridpower")),
    "load_power": each(power("totalhouseholdload", "loadpower")),
    "eps_power": each(flow("offgridpower")),
}

# Of the battery's status; positive is discharging.
_SIGNS: Final = {0: 0, 1: -1, 2: 1}
# A negative load of 16 bits is shown as one that no balcony can cover.
_WRAPPED_W: Final = 50_000.0
_WRAP_W: Final = 65_536.0


def time_of(record: Mapping[str, object], zone: tzinfo) -> datetime | None:
    """Return a record's time; its texts are by the server's clock."""
    texts = (record.get(name) for name in ("timestr", "lastupdatetimetext"))
    moments = (moment_of(text, SERVER_ZONE) for text in texts)
    return next(filter(None, moments), None) or moment_of(record.get("time"), zone)


def refined(
    record: Mapping[str, object], values: Mapping[str, float]
) -> dict[str, float]:
    """Return readings with what only these devices need set right."""
    result = dict(values)
    status = number(record.get("totalbatterypackchargingstatus"))
    sign = None if status is None else _SIGNS.get(int(status))
    if sign is not None and "battery_power" in result:
        # Some send the power with a sign and some without; the status knows it.
        result["battery_power"] = sign * abs(result["battery_power"]) + 0.0
    load = result.pop("load_power", None)
    if load is not None and load > _WRAPPED_W:
        load -= _WRAP_W
    # Where something else in the house feeds in, what it uses is not known.
    if load is not None and load >= 0:
        result["load_power"] = load
    if not _has_meter(record):
        result.pop("grid_power", None)
    if result.keys() >= {"inverter_power", "battery_power", "pv_power"}:
        output = abs(result["inverter_power"])
        draws = result["battery_power"] + result["pv_power"] < 0
        result["inverter_power"] = -output if draws else output
    return result


def _has_meter(record: Mapping[str, object]) -> bool:
    """Tell whether a meter says what flows at the grid."""
    told = record.get("ctflag", record.get("ishavect"))
    return told is None or str(told).lower() not in ("0", "false", "")
