"""The Eaton xStorage Home units, each an HTTPS server of its own."""

from .card import CommCard
from .device import VENDOR, XStorage
from .signin import Role
from .units import EatonUnits

__all__ = ["VENDOR", "CommCard", "EatonUnits", "Role", "XStorage"]
