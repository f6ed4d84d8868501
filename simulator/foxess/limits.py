"""How often an account may call (Fox ESS notes 3)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Final

from .account import Account
from .errors import QUOTA_GONE, TOO_FREQUENT, ApiError

CALLS_PER_INVERTER: Final = 1440
QUERY_PERIOD: Final = timedelta(seconds=1)
WRITE_PERIOD: Final = timedelta(seconds=2)

# The reset is undocumented; the vendor's own midnight is the likeliest.
_QUOTA_ZONE = timezone(timedelta(hours=8))


@dataclass
class _Usage:
    """What one account has used."""

    day: date
    used: int = 0
    admitted: dict[str, datetime] = field(default_factory=dict)


class Limits:
    """The windows and counts of every account, in protocol time."""

    def __init__(self) -> None:
        """Start with nothing used."""
        self._usage: dict[Account, _Usage] = {}

    def admit(
        self,
        account: Account,
        path: str,
        *,
        write: bool,
        now: datetime,
        always: bool = False,
    ) -> None:
        """Count a call, refused ones too, and refuse it if it is one too many or too soon.

        An `always` call is let through with the quota gone.
        """
        usage = self._current(account, now)
        if usage.used < self.total(account):
            usage.used += 1
        elif not always:
            raise ApiError(QUOTA_GONE)
        last = usage.admitted.get(path)
        if last is not None and now - last < (WRITE_PERIOD if write else QUERY_PERIOD):
            raise ApiError(TOO_FREQUENT)
        usage.admitted[path] = now

    def total(self, account: Account) -> int:
        """Return the calls that an account may make in a day, without any inverter those of one."""
        serials = {inverter.serial for inverter in account.inverters}
        return CALLS_PER_INVERTER * max(1, len(serials))

    def used(self, account: Account, now: datetime) -> int:
        """Return the calls that an account has made today."""
        return self._current(account, now).used

    def spend(self, account: Account, calls: int, now: datetime) -> None:
        """Count calls that another program made with the same account."""
        usage = self._current(account, now)
        usage.used = min(self.total(account), usage.used + calls)

    def _current(self, account: Account, now: datetime) -> _Usage:
        """Return the usage of an account, starting anew on a new day."""
        today = now.astimezone(_QUOTA_ZONE).date()
        usage = self._usage.setdefault(account, _Usage(today))
        if usage.day != today:
            usage.day, usage.used = today, 0
        return usage
