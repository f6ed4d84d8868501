"""Building the houses with their inverters."""

from collections.abc import Sequence
from dataclasses import dataclass

from .foxess.catalogue import PROFILES, Profile
from .foxess.device import Inverter
from .foxess.parts import EMS, EMS_INVERTERS, GMAX, KINDS, build_parts, gmax_unit
from .foxess.site import Site
from .foxess.uplink import Uplink
from .lot import Lot, make_neighbours, used_unit
from .unit import Unit
from .uplink import serial

MODELS = (*PROFILES, *KINDS)


def build_foxess(stations: Sequence[Sequence[str]], lot: Lot) -> list[Site]:
    """Return what stands in each station.

    A station lists models; each has a house of its own, and models joined by a
    plus sign share a household and a meter. An EMS on its own brings its
    inverters along; where it is joined to some, it is their master.
    """
    builder = _Builder(lot)
    return [builder.site(station) for station in stations]


def _known(model: str) -> str:
    """Return a model's name, or refuse it."""
    if model not in MODELS:
        raise ValueError(f"unknown model {model!r}, known are {', '.join(MODELS)}")
    return model


@dataclass
class _Builder:
    """Builds houses one after another, and numbers what stands in them."""

    lot: Lot
    number: int = 0

    def site(self, station: Sequence[str]) -> Site:
        """Return one station with its houses."""
        inverters: list[Inverter] = []
        parts: list[Uplink] = []
        for models in station:
            names = [_known(model) for model in models.split("+")]
            built = self._house(
                [PROFILES[name] for name in names if name in PROFILES],
                [name for name in names if name not in PROFILES],
            )
            inverters += built[0]
            parts += built[1]
        return Site(
            time_zone=self.lot.zone.key, inverters=tuple(inverters), parts=tuple(parts)
        )

    def _house(
        self, profiles: list[Profile], kinds: list[str]
    ) -> tuple[list[Inverter], list[Uplink]]:
        """Return the devices of one house, which know each other."""
        if EMS in kinds and not profiles:
            profiles = [PROFILES[model] for model in EMS_INVERTERS]
        first = self.number + 1
        self.number += len(profiles) + len(kinds)
        units = [
            _unit(profile, f"{self.lot.seed}/{first + index}")
            for index, profile in enumerate(profiles)
        ]
        stores = [gmax_unit() for kind in kinds if kind == GMAX]
        house = self.lot.house(f"{self.lot.seed}/{first}", units, others=stores)
        inverters = [
            Inverter(
                serial=serial("SIM", profile.key, first + index),
                module_serial=serial("LOG", profile.key, first + index),
                profile=profile,
                house=house,
                unit=unit,
                clock=self.lot.clock,
                switchboard=self.lot.switchboard,
            )
            for index, (profile, unit) in enumerate(zip(profiles, units, strict=True))
        ]
        parts = build_parts(
            kinds,
            first + len(profiles),
            house=house,
            inverters=inverters,
            stores=stores,
            clock=self.lot.clock,
            switchboard=self.lot.switchboard,
        )
        make_neighbours([*inverters, *parts])
        return inverters, parts


def _unit(profile: Profile, seed: str) -> Unit:
    """Return the hardware of a profile."""
    return used_unit(
        seed,
        rated_w=profile.rated_w,
        pv_peak_w=profile.pv_peak_w,
        capacity_wh=profile.capacity_wh,
        battery_w=profile.battery_w,
    )
