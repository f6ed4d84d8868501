"""The vendors whose matrices there are."""

from collections.abc import Mapping
from typing import Final

from .eaton import EATON
from .foxess import FOXESS
from .growatt import GROWATT
from .model import Brand
from .voltstorage import VOLTSTORAGE

BRANDS: Final[Mapping[str, Brand]] = {
    brand.key: brand for brand in (FOXESS, GROWATT, VOLTSTORAGE, EATON)
}
