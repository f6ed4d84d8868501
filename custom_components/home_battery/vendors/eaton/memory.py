"""What is remembered of a unit, and kept over restarts."""

from collections.abc import Mapping
from typing import Any, Final

_PLANNED: Final = "planned"
_RESUMED: Final = "resumed"


class UnitMemory:
    """A view on what is stored for the unit.

    Attributes:
        stored: The stored mapping, which is changed in place.
    """

    def __init__(self, stored: dict[str, Any]) -> None:
        """Keep the stored mapping."""
        self.stored = stored

    @property
    def planned(self) -> Mapping[str, float]:
        """Return the numbers that wait for their mode, by control."""
        planned: Mapping[str, float] = self.stored.get(_PLANNED, {})
        return planned

    def plan(self, numbers: Mapping[str, float]) -> None:
        """Keep numbers until their mode is wanted."""
        self.stored[_PLANNED] = {**self.planned, **numbers}

    @property
    def resumed(self) -> str | None:
        """Return the id of the command that only stands for what runs without one."""
        resumed: str | None = self.stored.get(_RESUMED)
        return resumed

    @resumed.setter
    def resumed(self, identity: str | None) -> None:
        """Remember such a command."""
        self.stored[_RESUMED] = identity
