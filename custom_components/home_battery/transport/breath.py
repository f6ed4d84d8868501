"""Long work that lets others have the event loop in between."""

import asyncio

# So long nobody minds; a tenth of what Home Assistant's own checks call slow.
_KEEP_SECONDS = 0.005


class Breath:
    """Keeps the loop for a moment at a time.

    It looks at the clock rather than at what was done: the same work takes five
    times as long on a small computer.
    """

    def __init__(self) -> None:
        """Begin to work."""
        self._time = asyncio.get_running_loop().time
        self._until = self._time() + _KEEP_SECONDS

    async def take(self) -> None:
        """Let others have the loop, if it was kept for long enough."""
        if self._time() >= self._until:
            await asyncio.sleep(0)
            self._until = self._time() + _KEEP_SECONDS
