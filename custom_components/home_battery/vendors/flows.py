"""The config flow steps of all vendors, joined: a flow is one class."""

from .foxess.flow import FoxEssFlow
from .growatt.flow import GrowattFlow


class VendorFlows(FoxEssFlow, GrowattFlow):
    """The steps of every vendor."""
