"""Building the houses with their batteries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..battery import Battery
from ..chance import fraction
from ..lot import Lot, make_neighbours
from ..unit import Unit
from .catalogue import PROFILES, Profile
from .product import Product

MODELS: Final = tuple(PROFILES)
_FIRST_PRODUCT: Final = 77
_BETWEEN_PRODUCTS: Final = 113
_FIRST_GROUP: Final = 64
_FIRST_OWNER: Final = 21
_FIRST_SERIAL: Final = 301


_PLACE: Final = (52.5163, 13.3777)


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """A house with the batteries of one owner, and its degrees north and east, if they are known."""

    id: int
    owner_id: int
    name: str
    products: tuple[Product, ...]
    place: tuple[float, float] | None

    @property
    def owner_name(self) -> str:
        """Return a name that no one has."""
        return f"Owner {self.owner_id}"


def build_groups(stations: Sequence[str], lot: Lot) -> Iterator[Group]:
    """Return a group for each station, which names models joined by plus signs: one house."""
    number = 0
    for index, station in enumerate(stations):
        profiles = [_known(name) for name in station.split("+")]
        yield Group(
            id=_FIRST_GROUP + index,
            owner_id=_FIRST_OWNER + index,
            name=f"House {index + 1}",
            products=_products(profiles, number, lot),
            place=None if any(profile.lab for profile in profiles) else _PLACE,
        )
        number += len(profiles)


def _known(model: str) -> Profile:
    """Return a model's profile, or refuse it."""
    if model not in PROFILES:
        raise ValueError(f"unknown model {model!r}, known are {', '.join(MODELS)}")
    return PROFILES[model]


def _products(
    profiles: Sequence[Profile], before: int, lot: Lot
) -> tuple[Product, ...]:
    """Return the batteries of one house, with panels that are not theirs."""
    watts = max(profile.house_pv_w for profile in profiles)
    panels = Unit(rated_w=watts, pv_peak_w=watts)
    batteries = [
        _unit(profile, f"{lot.seed}/voltstorage/{before + index}")
        for index, profile in enumerate(profiles)
    ]
    # The panels come first, so that batteries see what is left over.
    house = lot.house(f"{lot.seed}/voltstorage/{before}", [panels, *batteries])
    products = tuple(
        Product(
            serial=f"AD{_FIRST_SERIAL + 60 * number:04}",
            id=_FIRST_PRODUCT + _BETWEEN_PRODUCTS * number,
            profile=profile,
            house=house,
            unit=unit,
            panels=panels,
            clock=lot.clock,
            switchboard=lot.switchboard,
        )
        for number, (profile, unit) in enumerate(
            zip(profiles, batteries, strict=True), before
        )
    )
    make_neighbours(products)
    return products


def _unit(profile: Profile, seed: str) -> Unit:
    """Return a battery with its inverter, as installed: nothing is counted yet."""
    return Unit(
        rated_w=profile.power_w,
        pv_peak_w=0,
        efficiency=profile.ac_efficiency,
        battery=Battery(
            capacity_wh=profile.capacity_wh,
            soc=35 + 30 * fraction(seed, "soc"),
            max_charge_w=profile.power_w,
            max_discharge_w=profile.power_w,
            charge_efficiency=profile.dc_efficiency,
            discharge_efficiency=profile.dc_efficiency,
            nominal_volts=profile.nominal_volts,
        ),
    )
