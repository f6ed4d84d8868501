"""The vendors whose matrices there are."""

from collections.abc import Mapping
from typing import Final

from .foxess import FOXESS
from .model import Brand

BRANDS: Final[Mapping[str, Brand]] = {brand.key: brand for brand in (FOXESS,)}
