"""What holds for every energy page, whatever is on it and whatever was chosen."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, strategies as st

from custom_components.home_battery.energy_plan import (
    Choice,
    Kind,
    Offer,
    Prices,
    make_plan,
)
from homeassistant.components.energy.data import ENERGY_SOURCE_SCHEMA

from .energy_page import BATTERY, GAS, GRID, SOLAR

type Source = dict[str, Any]

NUMBERS = st.integers(0, 3)
PRICES = st.one_of(st.none(), st.floats(-1, 1), st.just("sensor.tariff"))
CHOICES = st.dictionaries(st.sampled_from(Kind), st.sampled_from(Choice))


def source(template: Mapping[str, Any], owner: str, number: int) -> Source:
    """Return a source with statistics of its own."""
    return {
        **template,
        **{
            key: f"sensor.{owner}_{template['type']}_{number}{key[11:]}"
            for key in ("stat_energy_from", "stat_energy_to")
            if key in template
        },
    }


OURS = st.builds(
    source,
    st.sampled_from(
        [
            {**BATTERY, "power_config": {"stat_rate": "sensor.power"}, "capacity": 9.3},
            {**SOLAR, "config_entry_solar_forecast": None, "stat_rate": "sensor.sun"},
            {**GRID, "entity_energy_price": None, "stat_compensation": None},
        ]
    ),
    st.just("ours"),
    NUMBERS,
)
PAGES = st.lists(
    st.one_of(
        OURS,
        st.builds(
            source,
            st.sampled_from([BATTERY, SOLAR, GRID, GAS]),
            st.just("theirs"),
            NUMBERS,
        ),
    ),
    unique_by=lambda one: (one["type"], one["stat_energy_from"]),
)
OFFERS = st.lists(
    OURS.map(
        lambda one: Offer(
            kind=Kind(one["type"]), device_id="1", name="Cellar", source=one
        )
    ),
    unique_by=lambda offer: offer.source["stat_energy_from"],
)


@given(page=PAGES, offers=OFFERS, choices=CHOICES, imported=PRICES, exported=PRICES)
def test_any_page(
    page: list[Source],
    offers: list[Offer],
    choices: dict[Kind, Choice],
    imported: str | float | None,
    exported: str | float | None,
) -> None:
    """The page takes the plan, which loses nothing unasked and stays what it is."""
    prices = Prices(imported=imported, exported=exported)
    plan = make_plan(page, offers, (), choices, prices)
    ENERGY_SOURCE_SCHEMA(plan.sources)
    assert len(plan.steps) == len(offers)
    again = make_plan(plan.sources, offers, (), choices, prices)
    assert again.sources == plan.sources
    named = {offer.kind for offer in offers}
    replaced = {kind for kind, choice in choices.items() if choice is Choice.REPLACE}
    kept = [one for one in page if one["type"] not in named & replaced]
    known = [(one["type"], one["stat_energy_from"]) for one in plan.sources]
    assert len(known) == len(set(known))
    assert {(one["type"], one["stat_energy_from"]) for one in kept} <= set(known)
    assert [one for one in page if one["type"] not in named] == [
        one for one in plan.sources if one["type"] not in named
    ]
