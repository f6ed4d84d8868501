"""What a record says under the names of any family; a table of fields takes of it what it knows.

Power in W, energy in kWh. Energies of a day, voltages, currents and
temperatures carry the noise of 32-bit floats, totals and powers do not, as in
the documents' samples.
"""

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import TYPE_CHECKING

from ..jsontypes import Json
from ..ledger import Energies
from .fields import noisy
from .identity import identity
from .records import Record
from .times import marks

if TYPE_CHECKING:
    from .device import Device

_VOLTS = 230.6
_HERTZ = 50.01
_STRING_VOLTS = 362.4
_UNSUPPORTED = -0.1
_OWN_USE = (
    "pself",
    "psystem",
    "eselfToday",
    "eselfTotal",
    "esystemToday",
    "esystemTotal",
)


def measured(device: Device, record: Record, *, v4: bool) -> dict[str, Json]:
    """Return everything that is known, by its names on the wire."""
    return {
        **identity(device, record),
        **marks(record.at, v4=v4),
        **_pv(device, record),
        **_ac(device, record),
        **(_metered(record) if device.profile.metered else {}),
        **(_battery(device, record) if device.profile.has_battery else {}),
        **_surplus(device, record),
        "temp1": noisy(28 + record.generation / 400),
        "temp2": noisy(27 + record.generation / 420),
        "temp5": noisy(30 + record.generation / 390),
        "temperature": noisy(28 + record.generation / 400),
        "ipmTemperature": noisy(29 + record.generation / 400),
    }


def energies(
    today: float, total: float, *pairs: tuple[str, str]
) -> Iterator[tuple[str, Json]]:
    """Return an energy under some pairs of names: of the day, and of all time."""
    for day_name, total_name in pairs:
        yield day_name, noisy(today)
        yield total_name, round(total, 1)


def _pairs(*stems: str) -> list[tuple[str, str]]:
    """Return the usual names of an energy: with Today and with Total."""
    return [(f"{stem}Today", f"{stem}Total") for stem in stems]


def _pv(device: Device, record: Record) -> Mapping[str, Json]:
    """Return panels, as a whole and by string, the first of which are a little larger."""
    strings = device.profile.strings
    shares = [strings + 2 - index for index in range(1, strings + 1)]
    today, total = record.today.pv, record.energies.pv
    pv: dict[str, Json] = {
        "ppv": round(record.pv, 1),
        "ppvText": f"{record.pv:.1f} W",
        "epvtoday": noisy(today),
        **dict(energies(today, total, ("epvToday", "epvTotal"))),
    }
    volts = _STRING_VOLTS if record.pv > 0 else 0.0
    for index, weight in enumerate(shares, 1):
        share = weight / sum(shares)
        power = record.pv * share
        pv |= {
            f"ppv{index}": round(power, 1),
            f"vpv{index}": noisy(volts - index),
            f"ipv{index}": noisy(power / _STRING_VOLTS),
            **dict(energies(today * share, total * share, *_pairs(f"epv{index}"))),
        }
    return {**pv, "vpv": noisy(volts), "ipv": noisy(record.pv / _STRING_VOLTS)}


def _ac(device: Device, record: Record) -> Mapping[str, Json]:
    """Return the output, and what is counted of it, under all its names."""
    power = record.generation
    phases = device.profile.phases
    names = [*_pairs("eac", "power"), ("etoday", "etotal")]
    line = noisy(_VOLTS * sqrt(3) if phases > 1 else _VOLTS)
    ac: dict[str, Json] = {
        "pac": round(power, 1),
        "fac": noisy(_HERTZ, 2),
        "freqGrid": noisy(_HERTZ, 2),
        "vac": noisy(_VOLTS),
        "vGrid": noisy(_VOLTS),
        "vacRs": line,
        "outPutPower": round(max(0.0, power), 1),
        "realOPPercent": round(100 * max(0.0, power) / device.profile.rated_w),
        **dict(energies(record.today.generation, record.energies.generation, *names)),
    }
    if phases > 1:
        ac |= {"vacSt": line, "vacTr": line}
    for index, letter in zip(range(1, phases + 1), "rst", strict=False):
        volts, amps = noisy(_VOLTS), noisy(abs(power) / phases / _VOLTS)
        apparent = noisy(abs(power) / phases * 1.01)
        ac |= {
            f"pac{index}": apparent,
            f"pac{letter}": apparent,
            f"vac{index}": volts,
            f"vac{letter}": volts,
            f"iac{index}": amps,
            f"iac{letter}": amps,
        }
    return ac


def _metered(record: Record) -> Mapping[str, Json]:
    """Return grid and load, which only a device with a meter knows."""
    bought, sold, used = (
        round(watts, 1) for watts in (record.imported, record.exported, record.load)
    )
    day, life = record.today, record.energies
    return {
        **dict.fromkeys(("pacToUserTotal", "pacToUserR", "pacToUser"), bought),
        **dict.fromkeys(("pacToGridTotal", "pacToGridR", "pacToGrid"), sold),
        **dict.fromkeys(
            ("pacToLocalLoad", "plocalLoadTotal", "plocalLoadR", "loadActivePower"),
            used,
        ),
        "pacToUserText": f"{bought} W",
        "pacToGridText": f"{sold} W",
        **dict(energies(day.imported, life.imported, *_pairs("etoUser", "eToUser"))),
        **dict(
            energies(
                day.exported,
                life.exported,
                *_pairs("etoGrid", "eToGrid"),
                ("toGridToday", "toGridTotal"),
                ("etoGridToday", "etogridTotal"),
            )
        ),
        **dict(
            energies(
                day.load,
                life.load,
                *_pairs("elocalLoad", "eLoad"),
                ("loadToday", "loadTotal"),
            )
        ),
    }


def _battery(device: Device, record: Record) -> Mapping[str, Json]:
    """Return the battery under all its names; a second one is never there."""
    charge, discharge = round(record.charge, 1), round(record.discharge, 1)
    soc, volts = round(record.soc), noisy(record.volts)
    amps = noisy(record.battery / record.volts if record.volts else 0.0)
    day, life = record.today, record.energies
    from_grid = _pairs("eacCharge", "acChargeEnergy")
    return {
        **dict.fromkeys(("pcharge1", "pCharge", "bdc1ChargePower"), charge),
        **dict.fromkeys(("pdischarge1", "pDischarge", "bdc1DischargePower"), discharge),
        "batPower": round(-record.battery, 1),
        "pBat": round(record.battery, 1),
        "pacToBattery": round(-record.battery, 1),
        "pbdBatPower": round(-record.battery, 1),
        "pChargeText": f"{charge} W",
        "pDischargeText": f"{discharge} W",
        **dict.fromkeys(
            ("soc", "bmsSoc", "bdc1Soc", "soc1", "bmsSOC", "capacity"), soc
        ),
        "socText": f"{soc}%",
        "capacityText": f"{soc} %",
        **dict.fromkeys(("bmsSoh", "bmsSOH", "soh"), 98),
        "bmsCycleCnt": 130,
        "bmsUsingCap": device.profile.capacity_wh,
        **dict.fromkeys(
            ("vbat", "bdc1Vbat", "bmsVbat", "bmsBatteryVolt", "vBat", "vbat1"), volts
        ),
        **dict.fromkeys(("bmsIbat", "bdc1Ibat", "bmsBatteryCurr", "ibat"), amps),
        **dict.fromkeys(
            ("bmsTemp1Bat", "bmsBatteryTemp", "batteryTemperature", "batTemp"),
            noisy(record.temperature),
        ),
        **dict(
            energies(day.charge, life.charge, *_pairs("echarge", "echarge1", "eCharge"))
        ),
        **dict(
            energies(
                day.discharge,
                life.discharge,
                *_pairs("edischarge", "edischarge1", "eDischarge", "eBatDisCharge"),
            )
        ),
        "bdc1ChargeTotal": round(life.charge, 1),
        "bdc1DischargeTotal": round(life.discharge, 1),
        "eBatChargeTotal": round(life.charge, 1),
        "acChargePower": round(record.ac_charge, 1),
        "pAcCharge": round(record.ac_charge, 1),
        **dict(energies(day.absorbed, life.absorbed, *from_grid)),
        "priorityChoose": record.priority,
    }


def _surplus(device: Device, record: Record) -> Mapping[str, Json]:
    """Return what comes of several counters: own use, periods, and a foreign inverter."""
    own: dict[str, Json] = {
        "ppvInverter": round(record.foreign, 1),
        **dict(
            energies(record.foreign_today, record.foreign_total, *_pairs("epvInverter"))
        ),
        **_periods("Month", record.month),
        **_periods("Year", record.year),
    }
    if not device.profile.metered:
        return {**own, **dict.fromkeys(_OWN_USE, _UNSUPPORTED)}
    if device.profile.family.table != "min":
        return own
    return {
        **own,
        "pself": round(max(0.0, record.generation - record.exported), 1),
        "psystem": round(record.generation, 1),
        **dict(
            energies(
                _own_use(record.today), _own_use(record.energies), *_pairs("eself")
            )
        ),
        **dict(
            energies(
                record.today.generation, record.energies.generation, *_pairs("esystem")
            )
        ),
    }


def _own_use(counted: Energies) -> float:
    """Return the part of the output that stayed in the house."""
    return max(0.0, counted.generation - counted.exported)


def _periods(period: str, counted: Energies) -> dict[str, Json]:
    """Return the energies of a month or year."""
    return {
        f"epv{period}": round(counted.pv, 1),
        f"eToUser{period}": round(counted.imported, 1),
        f"eToGrid{period}": round(counted.exported, 1),
        f"elocalLoad{period}": round(counted.load, 1),
        f"eac{period}": round(counted.generation, 1),
    }
