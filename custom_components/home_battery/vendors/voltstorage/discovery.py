"""What an account has, as devices of the house (VoltStorage notes, 1.3)."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from ...battery.model import Device, Inventory, Role, Value
from ..naming import distinct
from .models import STORAGE, Product

PRODUCT: Final = "product"
GROUP: Final = "group"
# A product that is in no group has a home of its own.
HOME: Final = "home"

_NAME: Final = "VoltStorage"
# It says what is not the default, and is nothing wrong.
_NO_PROBLEMS: Final = frozenset({"nonDefaultStrategy"})
_NO_FAULT: Final = "none"
_LONGEST_STATE: Final = 255


class Nameplate(NamedTuple):
    """What is known of a type of product, which the vendor's cloud does not tell."""

    rated_power: float
    capacity: float


# VoltStorage notes, 3.
_NAMEPLATES: Final = {"VoltStorage SMART": Nameplate(1500.0, 6.2)}


def inventory_of(products: Iterable[Product]) -> Inventory:
    """Return the products and their houses."""
    houses: dict[str, Device] = {}
    devices: list[Device] = []
    for product in products:
        house = _house(product)
        house = houses.setdefault(house.key, house)
        devices.append(_device(product, house))
    return Inventory.of([*houses.values(), *distinct(devices)])


def state_of(product: Product) -> dict[str, Value]:
    """Return what the list says of how a product is."""
    values: dict[str, Value] = {
        "problem": not _NO_PROBLEMS.issuperset(product.errors),
        "fault": ", ".join(product.errors)[:_LONGEST_STATE] or _NO_FAULT,
    }
    return values if product.online is None else {**values, "online": product.online}


def _house(product: Product) -> Device:
    """Return the home of a product."""
    in_group = product.group is not None
    return Device(
        kind=GROUP if in_group else HOME,
        id=product.group or product.id,
        role=Role.HOUSE,
        name=product.group_name or f"{_NAME} home",
        time_zone=product.time_zone,
    )


def _device(product: Product, house: Device) -> Device:
    """Return a product; what is no storage still tells what it tells."""
    nameplate = _NAMEPLATES.get(product.type_name or "")
    return Device(
        kind=PRODUCT,
        id=product.id,
        role=Role.SYSTEM if product.base in (STORAGE, None) else Role.PART,
        name=product.type_name or _NAME,
        model=product.type_name,
        serial=product.serial,
        hw_version=product.hardware,
        parent=house.key,
        rated_power=nameplate and nameplate.rated_power,
        capacity=nameplate and nameplate.capacity,
        time_zone=product.time_zone,
    )
