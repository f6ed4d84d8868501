"""Building what stands beside the inverters: EMS, GMAX, gateway meters, heat pumps."""

from collections.abc import Sequence
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from ..battery import Battery
from ..clock import Clock
from ..faults import Switchboard
from ..house import House
from ..unit import Unit
from ..uplink import serial
from .device import Inverter
from .ems import Ems
from .gmax import CAPACITY_WH, POWER_W, Gmax
from .heat_pumps import HeatPump
from .meters import Meter
from .uplink import Uplink

EMS: Final = "EMS"
GMAX: Final = "GMAX"
METER: Final = "METER"
HEAT_PUMP: Final = "HEATPUMP"
KINDS: Final = (EMS, GMAX, METER, HEAT_PUMP)
EMS_INVERTERS: Final = ("H3-PRO", "H3-PRO")


def gmax_unit() -> Unit:
    """Return the converter and the battery of a GMAX, which has no panels."""
    battery = Battery(
        capacity_wh=CAPACITY_WH,
        soc=50,
        max_charge_w=POWER_W,
        max_discharge_w=POWER_W,
        nominal_volts=768,
    )
    return Unit(rated_w=POWER_W, pv_peak_w=0, battery=battery)


def build_parts(
    kinds: Sequence[str],
    first: int,
    *,
    house: House,
    inverters: Sequence[Inverter],
    stores: Sequence[Unit],
    clock: Clock,
    switchboard: Switchboard,
) -> list[Uplink]:
    """Return the parts of a house, numbered from `first`; EMS and meters limit its inverters."""
    spare = iter(stores)
    parts: list[Uplink] = []
    for number, kind in enumerate(kinds, first):
        number_of_part = serial("SIM", kind, number)
        part: Uplink
        if kind == EMS:
            part = Ems(
                serial=number_of_part,
                ems_id=_id(number_of_part),
                inverters=tuple(inverters),
                house=house,
                clock=clock,
                switchboard=switchboard,
            )
        elif kind == GMAX:
            part = Gmax(
                serial=number_of_part,
                gmax_id=_id(number_of_part),
                unit=next(spare),
                house=house,
                clock=clock,
                switchboard=switchboard,
            )
        elif kind == METER:
            part = Meter(
                serial=number_of_part,
                inverter_count=len(inverters),
                house=house,
                clock=clock,
                switchboard=switchboard,
            )
        else:
            part = HeatPump(
                serial=number_of_part,
                module_serial=serial("LOG", kind, number),
                house=house,
                clock=clock,
                switchboard=switchboard,
            )
        parts.append(part)
    superiors = tuple(part for part in parts if isinstance(part, Ems | Meter))
    for inverter in inverters:
        inverter.superiors = superiors
    return parts


def _id(serial_number: str) -> str:
    """Return the id under which the cloud knows a device."""
    return str(uuid5(NAMESPACE_URL, f"simulator/foxess/{serial_number}"))
