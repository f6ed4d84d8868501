"""The vendors whose matrices there are."""

from collections.abc import Mapping
from typing import Final

from .eaton import EATON
from .foxess import FOXESS
from .foxess_signed_in import FOXESS_SIGNED_IN
from .growatt import GROWATT
from .model import Brand
from .voltstorage import VOLTSTORAGE
from .voltstorage_live import LATEST, STREAM

BRANDS: Final[Mapping[str, Brand]] = {
    brand.name: brand
    for brand in (FOXESS, FOXESS_SIGNED_IN, GROWATT, VOLTSTORAGE, STREAM, LATEST, EATON)
}
