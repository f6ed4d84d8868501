"""The config flow steps of all vendors, joined: a flow is one class."""

from .foxess.flow import FoxEssFlow
from .growatt.flow import GrowattFlow
from .voltstorage.flow import VoltStorageFlow


class VendorFlows(FoxEssFlow, GrowattFlow, VoltStorageFlow):
    """The steps of every vendor."""
