"""The Fox ESS Open API server."""

from .cloud import VENDOR, FoxEssCloud
from .device import Inverter

__all__ = ["VENDOR", "FoxEssCloud", "Inverter"]
