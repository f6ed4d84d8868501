"""The config flow steps of all vendors, joined: a flow is one class."""

from .eaton.flow import EatonFlow
from .foxess.flow import FoxEssFlow
from .growatt.flow import GrowattFlow


class VendorFlows(FoxEssFlow, GrowattFlow, EatonFlow):
    """The steps of every vendor."""
