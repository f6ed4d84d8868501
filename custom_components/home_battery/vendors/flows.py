"""The config flow steps of all vendors, joined: a flow is one class."""

from .eaton.flow import EatonFlow
from .foxess.flow import FoxEssFlow
from .growatt.flow import GrowattFlow
from .voltstorage.flow import VoltStorageFlow


class VendorFlows(FoxEssFlow, GrowattFlow, VoltStorageFlow, EatonFlow):
    """The steps of every vendor."""
