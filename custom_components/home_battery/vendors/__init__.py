"""The vendors: a further one is one folder, and one line here and in `flows`."""

from typing import Final

from .eaton.vendor import EATON
from .foxess.vendor import FOXESS
from .growatt.vendor import GROWATT
from .vendor import Vendor
from .voltstorage.vendor import VOLTSTORAGE

VENDORS: Final[dict[str, Vendor]] = {
    vendor.key: vendor for vendor in (FOXESS, GROWATT, VOLTSTORAGE, EATON)
}
