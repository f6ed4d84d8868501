"""Every call of the Growatt cloud: where it goes, its limits, and who may make it."""

from collections.abc import Mapping
from typing import Final

from .endpoint import GrowattEndpoint
from .endpoints_v1 import V1
from .endpoints_v4 import V4

ENDPOINTS: Final[Mapping[str, GrowattEndpoint]] = {**V1, **V4}
