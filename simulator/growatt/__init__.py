"""The Growatt OpenAPI server."""

from .cloud import GrowattCloud
from .device import VENDOR, Device

__all__ = ["VENDOR", "Device", "GrowattCloud"]
