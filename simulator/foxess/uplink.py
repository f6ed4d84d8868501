"""A device behind the Fox ESS cloud."""

from dataclasses import dataclass

from .. import uplink

VENDOR = "foxess"


@dataclass(kw_only=True, eq=False)
class Uplink(uplink.Uplink):
    """A device that belongs to a station."""

    vendor = VENDOR

    station_id: str = ""
