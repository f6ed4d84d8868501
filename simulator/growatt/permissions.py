"""What a token may ask (Growatt notes 1.9): an end user's was measured on a real account."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final


class Refused(Enum):
    """How an endpoint is kept from a token."""

    DENIED = auto()
    NO_DATA = auto()


type Matrix = Mapping[str, Refused]

ALL_PERMITTED: Final[Matrix] = {}
END_USER: Final[Matrix] = {
    "plant/energy": Refused.DENIED,
    "device/tlx/tlx_data_info": Refused.DENIED,
    "device/tlx/tlx_data": Refused.DENIED,
    "device/tlx/tlx_set_info": Refused.NO_DATA,
}
PRESETS: Final[Mapping[str, Matrix]] = {
    "all": ALL_PERMITTED,
    "end_user": END_USER,
}
