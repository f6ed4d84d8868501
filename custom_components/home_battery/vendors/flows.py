"""The config flow steps of all vendors, joined: a flow is one class."""

from .foxess.flow import FoxEssFlow


class VendorFlows(FoxEssFlow):
    """The steps of every vendor."""
