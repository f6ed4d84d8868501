"""What was learned of the calls whose paths nobody has told (VoltStorage notes, 1.8)."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from ...transport.clock import Clock
from ...transport.errors import UnsupportedError
from .errors import ShapeError

_DOUBTED_AFTER_SECONDS: Final = 86_400.0


class Learned:
    """Remembers which of these calls are there, each by its path.

    One that has never answered in the documented shape is asked once a day;
    another path is tried at once.
    """

    def __init__(
        self, memory: dict[str, Any], clock: Clock, path: Callable[[str], str]
    ) -> None:
        """Go on with what was learned; the memory is changed in place."""
        self._calls: dict[str, dict[str, Any]] = memory.setdefault("calls", {})
        self._clock = clock
        self._path = path

    def has(self, name: str) -> bool:
        """Tell whether a call has ever answered as it should."""
        return self._known(name).get("proved") is True

    def lacks(self, name: str) -> bool:
        """Tell whether a call was lately found not to be there."""
        lacking: float = self._known(name).get("lacking_at", 0.0)
        return self._now() < lacking + _DOUBTED_AFTER_SECONDS

    async def optional[T](
        self, name: str, ask: Callable[[], Awaitable[T]], *, proves: bool = True
    ) -> T | None:
        """Make a call if it may be there, and remember whether it is.

        Args:
            name: The call.
            ask: Makes it.
            proves: An answer proves that it is what it should be.

        Returns:
            `None` if it is not.

        Raises:
            ApiError: It is there, but failed; or it could not be told.
        """
        if self.lacks(name):
            return None
        try:
            answer = await ask()
        except UnsupportedError, ShapeError:
            if self.has(name):
                raise
            self._calls[name] = {"path": self._path(name), "lacking_at": self._now()}
            return None
        if proves:
            self.prove(name)
        return answer

    def prove(self, name: str) -> None:
        """Remember that a call has answered as it should."""
        if not self.has(name):
            self._calls[name] = {"path": self._path(name), "proved": True}

    def _known(self, name: str) -> dict[str, Any]:
        """Return what is known of a call at its present path."""
        known = self._calls.get(name, {})
        return known if known.get("path") == self._path(name) else {}

    def _now(self) -> float:
        """Return the seconds since the epoch."""
        return self._clock.now().timestamp()
