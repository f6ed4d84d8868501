"""How what our devices give meets what is on the energy page: pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

# A source as the energy page keeps it.
type Source = dict[str, Any]

_IMPORT: Final = ("stat_cost", "entity_energy_price", "number_energy_price")
_EXPORT: Final = (
    "stat_compensation",
    "entity_energy_price_export",
    "number_energy_price_export",
)
_POWER: Final = ("power_config", "stat_rate")
_FORECAST: Final = "config_entry_solar_forecast"
_ADJUSTMENT: Final = "cost_adjustment_day"


class Kind(StrEnum):
    """The sources of the energy page that a device of ours can give."""

    BATTERY = "battery"
    SOLAR = "solar"
    GRID = "grid"


class Choice(StrEnum):
    """What to do where the page has a source of the kind that is not ours."""

    KEEP = "keep"
    REPLACE = "replace"
    ADD = "add"


class Deed(StrEnum):
    """What becomes of a source that a device gives."""

    ADD = "add"
    REPLACE = "replace"
    COMPLETE = "complete"
    PRESENT = "present"
    KEEP = "keep"
    CONFLICT = "conflict"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A source that a device gives.

    Attributes:
        kind: What it is.
        device_id: The device registry's id of the device.
        name: The device's name.
        source: It, as the energy page keeps it.
    """

    kind: Kind
    device_id: str
    name: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What energy costs: an entity that tells it, or a number; `None` leaves it open."""

    imported: str | float | None = None
    exported: str | float | None = None

    def on(self, source: Source) -> Source:
        """Return a grid source with these prices."""
        return {
            **source,
            **_priced(_IMPORT, self.imported),
            **_priced(_EXPORT, self.exported),
        }


@dataclass(frozen=True, kw_only=True)
class Step:
    """What becomes of an offer.

    Attributes:
        offer: What a device gives.
        deed: What becomes of it.
        source: The source as it would stand on the page.
        rivals: The sources there that may count the same energy.
    """

    offer: Offer
    deed: Deed
    source: Source
    rivals: tuple[Source, ...] = ()


@dataclass(kw_only=True)
class Plan:
    """What the page would be.

    Attributes:
        sources: All sources of the page then, also those of others.
        steps: What becomes of each offer.
    """

    sources: list[Source]
    steps: list[Step] = field(default_factory=list)

    @property
    def questions(self) -> dict[Kind, tuple[Source, ...]]:
        """Return the sources of others that a person may decide on, by kind."""
        return {
            step.offer.kind: step.rivals
            for step in self.steps
            if step.deed in (Deed.CONFLICT, Deed.KEEP)
        }

    @property
    def conflicts(self) -> dict[Kind, tuple[Source, ...]]:
        """Return those among them that somebody has to decide on."""
        return {
            step.offer.kind: step.rivals
            for step in self.steps
            if step.deed is Deed.CONFLICT
        }


def make_plan(
    sources: Sequence[Source],
    offers: Iterable[Offer],
    separate: Iterable[str],
    choices: Mapping[Kind, Choice],
    prices: Prices,
) -> Plan:
    """Return what would become of the page.

    A source that is there already, known by its energy, stays as a person has made
    it: only what it lacks is put in. The grid has one meter, so another one that is
    there is kept unless something else was chosen; where another battery or PV is
    there, somebody has to choose.

    Args:
        sources: What is on the page.
        offers: What our devices give.
        separate: Statistics of ours that count other energy than the offers do.
        choices: What to do about sources of others.
        prices: What energy from and to the grid costs.
    """
    plan = Plan(sources=list(sources))
    elsewhere = frozenset(separate)
    by_kind: dict[Kind, list[Offer]] = {}
    for offer in offers:
        by_kind.setdefault(offer.kind, []).append(offer)
    for kind, mine in by_kind.items():
        choice = choices.get(kind, Choice.KEEP if kind is Kind.GRID else None)
        known = {_energy(offer.source) for offer in mine}
        rivals = tuple(
            source
            for source in plan.sources
            if source["type"] == kind
            and _energy(source) not in known
            and (kind is Kind.GRID or _energy(source) not in elsewhere)
        )
        _meet(plan, mine, rivals, choice, prices)
    return plan


def _meet(
    plan: Plan,
    offers: Sequence[Offer],
    rivals: tuple[Source, ...],
    choice: Choice | None,
    prices: Prices,
) -> None:
    """Let offers of one kind meet what is there; replaced sources leave their heritage."""
    replaced = rivals if choice is Choice.REPLACE else ()
    for number, offer in enumerate(offers):
        at = _index(plan.sources, offer)
        there = None if at is None else plan.sources[at]
        heritage = _heritage(there or {}, () if number else replaced)
        wanted = {**offer.source, **heritage}
        if there is not None:
            wanted = _completed(there, wanted)
        if offer.kind is Kind.GRID:
            wanted = prices.on(wanted)
        if at is not None:
            plan.sources[at] = wanted
            deed = Deed.PRESENT if wanted == there else Deed.COMPLETE
        elif not rivals or choice is Choice.ADD:
            plan.sources.append(wanted)
            deed = Deed.ADD
        elif replaced:
            plan.sources.insert(_place(plan.sources, replaced), wanted)
            deed = Deed.REPLACE
        else:
            deed = Deed.CONFLICT if choice is None else Deed.KEEP
        if replaced:
            deed = Deed.REPLACE
        plan.steps.append(Step(offer=offer, deed=deed, source=wanted, rivals=rivals))
    plan.sources = [
        source
        for source in plan.sources
        if not any(source is rival for rival in replaced)
    ]


def _energy(source: Source) -> str | None:
    """Return the statistic that a source is known by."""
    known: str | None = source.get("stat_energy_from") or source.get("stat_energy_to")
    return known


def _index(sources: Sequence[Source], offer: Offer) -> int | None:
    """Return where a source stands, `None` if it is not there."""
    for at, source in enumerate(sources):
        if source["type"] == offer.kind and _energy(source) == _energy(offer.source):
            return at
    return None


def _place(sources: Sequence[Source], replaced: Sequence[Source]) -> int:
    """Return where the first of some sources stands."""
    return next(at for at, source in enumerate(sources) if source is replaced[0])


def _completed(there: Source, wanted: Source) -> Source:
    """Return a source with what it lacks; what a person has chosen stays."""
    # Where one way to the power is chosen, another would take its place.
    powered = any(key in there for key in _POWER)
    lacking = {
        key: value
        for key, value in wanted.items()
        if value is not None
        and there.get(key) in (None, [])
        and not (powered and key in _POWER)
    }
    return {**there, **lacking}


def _heritage(there: Source, replaced: Sequence[Source]) -> Source:
    """Return what is taken over from sources that go: prices and forecasts.

    Prices belong together: a source that has one keeps just that.
    """
    heritage: Source = {}
    for keys in (_IMPORT, _EXPORT):
        if any(there.get(key) is not None for key in keys):
            continue
        for source in replaced:
            if any(source.get(key) is not None for key in keys):
                heritage |= {key: source.get(key) for key in keys}
                break
    for source in replaced[:1]:
        heritage |= {key: source[key] for key in (_ADJUSTMENT,) if key in source}
    forecasts = [entry for source in replaced for entry in source.get(_FORECAST) or ()]
    if forecasts:
        heritage[_FORECAST] = list(dict.fromkeys(forecasts))
    return heritage


def _priced(keys: tuple[str, str, str], price: str | float | None) -> Source:
    """Return a price in the form of the page, nothing if it is left open."""
    if price is None:
        return {}
    cost, entity, number = keys
    is_entity = isinstance(price, str)
    return {
        cost: None,
        entity: price if is_entity else None,
        number: None if is_entity else price,
    }
