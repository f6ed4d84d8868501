"""Time that passes at once."""

from datetime import UTC, datetime


class SimulatedClock:
    """A clock that only waiting moves."""

    def __init__(self, time: float) -> None:
        """Begin at a moment, in seconds since the epoch."""
        self.time = time

    def now(self) -> datetime:
        """Return the present time in UTC."""
        return datetime.fromtimestamp(self.time, UTC)

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds
