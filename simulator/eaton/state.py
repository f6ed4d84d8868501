"""All that a unit holds, for the control server. Power in W, energy in kWh."""

from typing import TYPE_CHECKING

from ..jsontypes import JsonObject
from .identity import settings_document

if TYPE_CHECKING:
    from .card import CommCard


def unit_state(card: CommCard) -> JsonObject:
    """Return one unit with its house, as they truly are."""
    unit = card.device
    flow, house = unit.unit.flow, unit.house
    return {
        "serial": unit.serial,
        "model": unit.model,
        "reachable": card.reachable,
        "powered": unit.powered,
        "cloud_mode": card.cloud_mode,
        "soc": unit.soc,
        "mode": unit.mode.as_json(),
        "doing": unit.orders.mode.name.lower(),
        "settings": settings_document(unit),
        "schedule": [event.as_json() for event in unit.schedule.events.values()],
        "faults": list(unit.fault_codes),
        "power": {
            "pv": flow.pv,
            "battery": flow.battery,
            "generation": flow.generation,
            "foreign": 0.0 if unit.foreign is None else unit.foreign.flow.generation,
            "grid": house.grid_w,
            "load": house.load_w,
        },
        "ledger": {**unit.unit.ledger.as_dict(), "house": house.ledger.as_dict()},
    }
