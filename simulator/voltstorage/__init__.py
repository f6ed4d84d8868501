"""The VoltStorage cloud: REST and a stream."""

from .cloud import VoltStorageCloud
from .product import VENDOR, Product

__all__ = ["VENDOR", "Product", "VoltStorageCloud"]
