"""All that the products hold, for the control server. Power in W, energy in kWh."""

from dataclasses import asdict

from ..jsontypes import JsonObject
from .fleet import Group
from .product import Product


def product_state(product: Product) -> JsonObject:
    """Return one product with its house."""
    unit, house = product.unit, product.house
    totals: JsonObject = asdict(product.totals)
    return {
        "id": product.id,
        "serial": product.serial,
        "reachable": product.reachable,
        "soc": product.soc,
        "errors": list(product.fault_codes),
        "power": {
            "battery": unit.flow.battery,
            "inverter": unit.flow.generation,
            "grid": house.grid_w,
            "load": house.load_w,
        },
        "totals": totals,
        "ledger": {**unit.ledger.as_dict(), "house": house.ledger.as_dict()},
        "records": len(product.records),
        "last_upload": product.records[-1].at.isoformat() if product.records else None,
    }


def group_state(group: Group) -> JsonObject:
    """Return one group."""
    return {
        "id": group.id,
        "name": group.name,
        "products": [
            {"id": product.id, "serial": product.serial} for product in group.products
        ],
    }
