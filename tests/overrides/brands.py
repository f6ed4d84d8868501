"""The devices that the faults of overrides are tried on, and what each holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import re
from typing import Any, Final

from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Simulation
from simulator.calls import LoggedCall
from simulator.eaton.device import XStorage
from simulator.foxess.device import Inverter
from simulator.growatt.device import Device
from simulator.growatt.families import NOAH
from simulator.growatt.slots import slots_of
from simulator.steered import Steered
from tests.conftest import make_entry
from tests.vendors.eaton.entries import make_eaton_entry
from tests.vendors.growatt.entries import make_growatt_entry

# What a device does in some minutes of the day, the last of which is not in it.
type Told = tuple[str, str, str]

_FOXESS: Final = {
    "ForceCharge": "charge",
    "ForceDischarge": "discharge",
    "SelfUse": "rest",
}
_GROWATT: Final = ("rest", "charge", "discharge")
_NOAH: Final = ("discharge", "charge", "smart")
_EATON: Final = {"ACTION_CHARGE": "charge", "ACTION_DISCHARGE": "discharge", "": "rest"}
# What only says when something is done, and not what.
_TIMES: Final = re.compile(
    r"time\d.*|forcedTime.*|forced(Char|Dischar)ge.*|forcedStop.*|sysTime"
)


@dataclass(frozen=True, kw_only=True)
class Brand:
    """A kind of device, and how it is looked at.

    Attributes:
        name: What the tests call it.
        vendor: Who made it.
        options: What makes a simulation of one.
        entry: Makes an entry of it.
        device: Returns it.
        calls: Returns what its server was asked.
        told: Returns what is told to it for times of the day.
        settings: Returns all else that it holds and that has to be as before.
        reserve: The name of the setting that keeps something for an outage.
        repeats: What it is told comes again every day.
    """

    name: str
    vendor: str
    options: Mapping[str, Any] = field(default_factory=dict)
    entry: Callable[..., MockConfigEntry]
    device: Callable[[Simulation], Any]
    calls: Callable[[Simulation], list[LoggedCall]]
    told: Callable[[Any], list[Told]]
    settings: Callable[[Any], Mapping[str, Any]]
    reserve: str
    repeats: bool = True

    def __str__(self) -> str:
        """Return the name, for the tests' names."""
        return self.name


def clock(minute: int) -> str:
    """Return a minute of the day as people write it."""
    return "{:02}:{:02}".format(*divmod(minute % 1440, 60))


def _foxess_told(inverter: Inverter) -> list[Told]:
    """Return what the scheduler holds in force."""
    groups = inverter.scheduler.groups if inverter.scheduler.enabled else []
    return sorted(
        (clock(group.start), clock(group.end + 1), _FOXESS[group.work_mode])
        for group in groups
        if group.enabled
    )


def _growatt_told(device: Device) -> list[Told]:
    """Return the slots that are switched on."""
    words = _NOAH if device.family is NOAH else _GROWATT
    return sorted(
        (clock(slot.start), clock(slot.end + 1), words[slot.mode])
        for slot in slots_of(device.profile, device.settings)
    )


def _growatt_settings(device: Device) -> Mapping[str, Any]:
    """Return what it holds beside its slots."""
    return {
        key: value
        for key, value in device.settings.items()
        if not _TIMES.fullmatch(key)
    }


def _eaton_told(unit: XStorage) -> list[Told]:
    """Return the command that runs."""
    command, now = unit.command, unit.clock.house_now()
    if command is None or command.until is None or now >= command.until:
        return []
    if command.operation == unit.settings.default_mode:
        # The unit is told what it does anyway, as nothing else ends a command.
        return []
    began = command.until - timedelta(hours=command.duration or 0)
    return [
        (
            f"{unit.local(began):%H:%M}",
            f"{unit.local(command.until):%H:%M}",
            _EATON[command.operation.action],
        )
    ]


def _eaton_settings(unit: XStorage) -> Mapping[str, Any]:
    """Return what it holds for ever."""
    return {
        "default": unit.settings.default_mode,
        "backup_level": unit.settings.backup_level,
        "powered": unit.powered,
        "events": dict(unit.schedule.events),
    }


FOXESS: Final = Brand(
    name="foxess",
    vendor="foxess",
    entry=make_entry,
    device=lambda sim: sim.foxess.inverters[0],
    calls=lambda sim: sim.foxess.calls,
    told=_foxess_told,
    settings=lambda inverter: dict(inverter.settings),
    reserve="MinSoc",
)


def _growatt(name: str, model: str, reserve: str) -> Brand:
    """Return a model of Growatt's."""
    return Brand(
        name=name,
        vendor="growatt",
        options={"growatt": (model,)},
        entry=make_growatt_entry,
        device=lambda sim: next(
            one for one in sim.growatt.inverters if one.model == model
        ),
        calls=lambda sim: sim.growatt.calls,
        told=_growatt_told,
        settings=_growatt_settings,
        reserve=reserve,
    )


MIN: Final = _growatt("min", "MIN-XH", "wdisChargeSOCLowLimit")
SPH: Final = _growatt("sph", "SPH", "wdisChargeSOCLowLimit1")
NOAH_2000: Final = _growatt("noah", "NOAH", "chargingSocLowLimit")
EATON: Final = Brand(
    name="eaton",
    vendor="eaton",
    options={"eaton": ("AC",)},
    entry=make_eaton_entry,
    device=lambda sim: sim.eaton.first.device,
    calls=lambda sim: [
        call for call in sim.eaton.first.calls if "auth" not in call.path
    ],
    told=_eaton_told,
    settings=_eaton_settings,
    reserve="backup_level",
    repeats=False,
)
HYBRIDS: Final = (FOXESS, MIN, SPH)
SCHEDULED: Final = (FOXESS, MIN, SPH, NOAH_2000)
BRANDS: Final = (*SCHEDULED, EATON)


def house_at_rest(device: Steered) -> None:
    """Leave a device half a battery, and no sun."""
    device.settle()
    assert device.unit.battery is not None
    device.unit.battery.soc = 50.0
    device.set_pv(0)
    foreign = getattr(device, "foreign", None)
    for unit in filter(None, [foreign]):
        unit.pv_override_w = 0
