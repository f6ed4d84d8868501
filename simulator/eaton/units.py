"""All units of a simulation: each in a house of its own, with a server of its own."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from operator import attrgetter

from ..accounts import Ids
from ..calls import LoggedCall
from ..jsontypes import Json, JsonObject
from ..lot import Lot, used_unit
from ..past import Witness
from ..uplink import serial
from .card import CommCard
from .catalogue import PROFILES, Profile
from .device import VENDOR, XStorage
from .signin import Role

_SERIAL_LENGTH = 10


class EatonUnits:
    """The local units, of which most simulations have one."""

    name = VENDOR

    def __init__(self, models: Sequence[str], lot: Lot, *, port: int = 0) -> None:
        """Build a house for each model; `port` is that of the first, or 0 for any free ones."""
        self.units = tuple(
            CommCard(
                _device(_known(model), number, lot),
                seed=lot.seed,
                port=port + number - 1 if port else 0,
            )
            for number, model in enumerate(models, 1)
        )
        lot.switchboard.before_change(self.settle)

    @property
    def first(self) -> CommCard:
        """Return the first unit."""
        return self.units[0]

    def unit(self, serial_number: str) -> CommCard:
        """Return a unit by its inverter's serial number."""
        for unit in self.units:
            if unit.serial == serial_number:
                return unit
        raise ValueError(f"there is no unit {serial_number!r}")

    @property
    def inverters(self) -> list[XStorage]:
        """Return the hardware, brought up to date."""
        self.settle()
        return [unit.device for unit in self.units]

    @property
    def calls(self) -> list[LoggedCall]:
        """Return what arrived at all units, the oldest first."""
        return sorted(
            (call for unit in self.units for call in unit.calls), key=attrgetter("at")
        )

    def settle(self) -> None:
        """Let every house catch up with house time."""
        for unit in self.units:
            unit.device.settle()

    def handle(self, serial_number: str, order: str, value: Json) -> Json:
        """Do by hand what a person can do to a unit; without a serial number to the first."""
        unit = self.unit(serial_number) if serial_number else self.first
        match order, value:
            case "reboot", None:
                unit.reboot()
            case "reboot", int() | float():
                unit.reboot(timedelta(seconds=value))
            case "refuse", bool():
                unit.refuse(value)
            case "expire_tokens", None:
                unit.expire_tokens()
            case "lock", None | "customer" | "tech":
                unit.lock(Role(value or Role.CUSTOMER))
            case "cloud_mode", bool():
                unit.set_cloud_mode(value)
            case "new_certificate", None:
                return unit.new_certificate()
            case "raise_alert", str():
                unit.raise_alert(value)
            case "resolve_alert", str():
                unit.resolve_alert(value)
            case _:
                raise ValueError(f"no order {order!r} with {value!r}")
        return None

    async def start(self) -> None:
        """Put all units on the network."""
        for unit in self.units:
            await unit.start()

    async def stop(self) -> None:
        """Take all units from the network."""
        for unit in self.units:
            await unit.stop()

    def describe(self) -> JsonObject:
        """Return what a client needs in order to connect to the first unit, and to each."""
        return {
            **self.first.describe(),
            "units": [unit.describe() for unit in self.units],
        }

    def witnesses(self) -> dict[str, Witness]:
        """Return what each unit has seen; with a meter beside it, all panels of the house."""
        return {
            device.serial: Witness(house=device.house, units=device.house.units)
            for device in self.inverters
        }

    def state(self) -> JsonObject:
        """Return all that the units hold, and the calls that arrived."""
        calls = self.calls
        return {
            "calls": {
                "total": len(calls),
                "writes": sum(call.write for call in calls),
                "refused": sum(1 for call in calls if call.errno),
                "by_path": dict(Counter(call.path for call in calls)),
            },
            "devices": [unit.state() for unit in self.units],
        }


def _known(model: str) -> Profile:
    """Return a profile, or refuse its name."""
    if model not in PROFILES:
        raise ValueError(f"unknown model {model!r}, known are {', '.join(PROFILES)}")
    return PROFILES[model]


def _device(profile: Profile, number: int, lot: Lot) -> XStorage:
    """Return a unit in its house; what only produces comes first, so that the battery sees what is left."""
    seed = f"{lot.seed}/{VENDOR}/{number}"
    unit = used_unit(
        seed,
        rated_w=profile.rated_w,
        pv_peak_w=profile.pv_peak_w,
        capacity_wh=profile.capacity_kwh * 1000,
        battery_w=profile.rated_w,
    )
    foreign = None
    if profile.foreign_pv_w:
        foreign = used_unit(
            f"{seed}/foreign",
            rated_w=profile.foreign_pv_w,
            pv_peak_w=profile.foreign_pv_w,
        )
    own = serial("SE", profile.key, number, _SERIAL_LENGTH)
    return XStorage(
        serial=own,
        profile=profile,
        ids=Ids(f"{VENDOR}/{own}/unit", lot.seed),
        house=lot.house(seed, [*([foreign] if foreign else []), unit]),
        unit=unit,
        foreign=foreign,
        clock=lot.clock,
        switchboard=lot.switchboard,
    )
