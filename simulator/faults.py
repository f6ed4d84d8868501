"""The switchboard of faults that are active in a simulation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

HTTP_KINDS: Final = frozenset(
    {
        "status",
        "html",
        "empty",
        "truncated",
        "oversized",
        "timeout",
        "refuse",
        "reset",
        "reset_in_body",
        "redirect",
        "slow",
        "wrong_types",
        "nulls",
        "no_result",
    }
)
SERVER_KINDS: Final = frozenset(
    {
        "errno",
        "missing_device",
        "stale",
        "offline",
        "glitch",
        "unsupported",
        "write_lost",
        "write_delayed",
        "quota_gone",
        "no_data",
        "below_minimum",
        "midnight_bounce",
        "zero_totals",
        "zero_soc",
        "plant_power",
        "reboot",
        "idle",
        "bad_row",
        "stall",
        "garbage",
        "unknown_type",
        "close",
        "burst",
    }
)
KINDS: Final = HTTP_KINDS | SERVER_KINDS


@dataclass(kw_only=True)
class Fault:
    """One fault of a vendor's server.

    `path` is a shell pattern for the URL path; `method`, where it is given, is the
    HTTP method of the calls that faults of HTTP and of Eaton strike. `count` is how often it strikes
    (None: until cleared). `value` depends on the kind: the vendor's code
    (`errno`, `unsupported`), the HTTP status (`status`), a URL, behind another status
    than 302 if need be (`redirect`), real seconds (`slow`, `timeout`), house seconds (`write_delayed`), megabytes
    (`oversized`), a pattern for the names of the fields that go bad
    (`wrong_types`, `nulls`), and a serial number, or None for every device, for
    `missing_device`, `stale`, `offline` and `glitch`. The first three of these
    and `quota_gone` last until they are cleared, whatever path and count say.

    Growatt alone has `no_data` (good, with an empty text for data),
    `below_minimum` (discharge limits below `value` percent are accepted and not
    taken), `midnight_bounce`, `zero_totals` and `zero_soc` (wrong records of a
    serial number, until cleared) and `plant_power` (the present power of a plant
    in "W" instead of kW, or 0).

    Eaton alone has `reboot`: the unit does what it was asked, and reboots before
    it answers; its `glitch` is readings of 0, its `errno` an HTTP status, or a
    code of the unit's own with status 500, and its `unsupported` a missing page.
    VoltStorage alone has `idle` (the battery of a serial number does nothing,
    until cleared) and `bad_row` (a line in the CSV export that is none, or
    `value`). Its stream has `stall` (nothing is told of a serial number, until
    cleared), and what becomes of a message: `garbage` (a text, or broken
    JSON), `unknown_type` (a type), `close` (with a code instead; 1006 breaks it)
    and `burst` (the message so many times, 1,000 by default). There `errno` is
    an HTTP status with the cloud's own words.

    With `status`, `html`, `redirect`, `refuse` and `reset` a request never
    reaches the server; with the other HTTP faults the server has done what it
    was asked, and only the answer is late, lost or bad.
    """

    vendor: str
    kind: str
    path: str = "*"
    count: int | None = None
    value: str | float | None = None
    method: str | None = None

    def __post_init__(self) -> None:
        """Refuse a fault that could never strike."""
        if self.kind not in KINDS:
            raise ValueError(
                f"unknown fault kind {self.kind!r}, known are {', '.join(sorted(KINDS))}"
            )
        if self.count is not None and self.count < 1:
            raise ValueError("count must be at least 1")

    def number(self, default: float) -> float:
        """Return the value as a number, or the default where none was given."""
        return default if self.value is None else float(self.value)

    def concerns(self, serial: str) -> bool:
        """Return whether a fault of a device is about this one."""
        return self.value is None or str(self.value) == serial


class Switchboard:
    """All faults that are switched on.

    Attributes:
        struck: The method and path of each request that met an HTTP fault.
    """

    def __init__(self) -> None:
        """Start without faults."""
        self.struck: list[tuple[str, str]] = []
        self._faults: list[Fault] = []
        self._before_change: list[Callable[[], None]] = []

    def __iter__(self) -> Iterator[Fault]:
        """Iterate over the active faults."""
        return iter(self._faults)

    def before_change(self, callback: Callable[[], None]) -> None:
        """Call back before faults change, so that what has happened until then is settled."""
        self._before_change.append(callback)

    def add(self, fault: Fault) -> None:
        """Switch a fault on."""
        self._settle()
        self._faults.append(fault)

    def clear(self) -> None:
        """Switch all faults off."""
        self._settle()
        self._faults.clear()

    def take(
        self, vendor: str, path: str, *kinds: str, method: str | None = None
    ) -> Fault | None:
        """Return the first fault that strikes a call, and count the strike."""
        for fault in self._faults:
            if (
                fault.vendor == vendor
                and fault.kind in kinds
                and fnmatchcase(path, fault.path)
                and (method is None or fault.method in (None, method))
            ):
                self._strike(fault)
                return fault
        return None

    def of_device(self, vendor: str, path: str, kind: str, serial: str) -> Fault | None:
        """Return the fault that strikes a call about one device, and count the strike."""
        for fault in self._faults:
            if (
                fault.vendor == vendor
                and fault.kind == kind
                and fnmatchcase(path, fault.path)
                and fault.concerns(serial)
            ):
                self._strike(fault)
                return fault
        return None

    def is_on(self, vendor: str, kind: str) -> bool:
        """Return whether a lasting fault of a whole vendor is on."""
        return any(
            fault.vendor == vendor and fault.kind == kind for fault in self._faults
        )

    def affects(self, vendor: str, kind: str, serial: str) -> bool:
        """Return whether a device is in a lasting state, whatever the call."""
        return any(
            fault.vendor == vendor and fault.kind == kind and fault.concerns(serial)
            for fault in self._faults
        )

    def _strike(self, fault: Fault) -> None:
        """Use up one of the strikes of a counted fault."""
        if fault.count is not None:
            fault.count -= 1
            if not fault.count:
                self._faults.remove(fault)

    def _settle(self) -> None:
        """Let time catch up before anything changes."""
        for callback in self._before_change:
            callback()
