"""Settings by the names that a vendor documents, for what has no entity."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from ..battery.model import Device


class Parameters(ABC):
    """Reads and writes single settings; values are the vendor's words, in its order."""

    @abstractmethod
    def check(self, device: Device, name: str, values: Sequence[str]) -> None:
        """Check values against what the vendor documents.

        Raises:
            ChangeError: It would not take them, or they must not be; nothing is sent.
        """

    @abstractmethod
    async def read(self, device: Device, name: str) -> Sequence[str]:
        """Return what a device holds of a setting, read now.

        Raises:
            ChangeError: The vendor documents no such setting.
            ApiError: It could not be read.
        """

    @abstractmethod
    async def write(self, device: Device, name: str, values: Sequence[str]) -> None:
        """Send values that were checked.

        Raises:
            RejectedError: The vendor refused it.
            TransientError: It is not known whether the device took it.
        """

    @abstractmethod
    def held(
        self, device: Device, name: str, values: Sequence[str], told: Sequence[str]
    ) -> bool:
        """Tell whether what a device holds is what was meant."""
