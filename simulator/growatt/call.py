"""One authenticated call, as the endpoints see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from ..jsontypes import Json
from .account import Account, Plant
from .device import VENDOR, Device
from .endpoint import Endpoint
from .errors import V1_MESSAGES, V1_PAGES, V1_PER_PAGE, ApiError, MistakeError, Problem
from .families import Family
from .settings import Setting

if TYPE_CHECKING:
    from .cloud import GrowattCloud

_PER_PAGE: Final = 20
_MOST_PER_PAGE: Final = 100
_MOST_PAGES: Final = 250
_MOST_SERIALS: Final = 100
_LONGEST: Final = timedelta(days=7)
# What the discharge limits are called, family by family.
_FLOORS: Final = frozenset(
    {
        "wdisChargeSOCLowLimit",
        "wdisChargeSOCLowLimit1",
        "wdisChargeSOCLowLimit2",
        "onGridDischargeStopSOC",
        "chargingSocLowLimit",
        "storage_lithium_battery",
    }
)
_FIRMWARE_MINIMUM: Final = 15


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call of an account; parameters of query and form are one."""

    path: str
    endpoint: Endpoint
    params: Mapping[str, str]
    account: Account
    cloud: GrowattCloud

    def text(self, name: str, problem: Problem = Problem.EMPTY) -> str:
        """Return a parameter that must be there."""
        if not (value := self.params.get(name, "")):
            raise MistakeError(problem)
        return value

    def now(self) -> datetime:
        """Return house time."""
        return self.cloud.clock.house_now()

    def hidden(self, serial: str) -> bool:
        """Return whether a fault hides a device from the lists."""
        return self.cloud.switchboard.affects(VENDOR, "missing_device", serial)

    def devices(self) -> list[tuple[Plant, Device]]:
        """Return all devices of the account, brought up to date."""
        known = [
            (plant, device)
            for plant, device in self.account.devices()
            if not self.hidden(device.serial)
        ]
        for _, device in known:
            device.settle()
        return known

    def find(self, serial: str, family: Family | None = None) -> Device:
        """Return a device by its serial number, brought up to date."""
        for _, device in self.account.devices():
            if device.serial == serial and not self.hidden(serial):
                if family is not None and device.family is not family:
                    raise MistakeError(Problem.WRONG_TYPE)
                device.settle()
                return device
        raise MistakeError(
            Problem.FORBIDDEN if self.cloud.knows(serial) else Problem.DEVICE
        )

    def device(self, name: str, family: Family | None = None) -> Device:
        """Return the device that a parameter names."""
        return self.find(self.text(name, Problem.SERIAL), family)

    def several(self, name: str, family: Family) -> list[Device]:
        """Return the devices that a list names, without those that are not there if any is."""
        serials = self.text(name, Problem.SERIAL).split(",")
        if len(serials) > _MOST_SERIALS:
            raise MistakeError(Problem.COUNT)
        found: list[Device] = []
        missing: MistakeError | None = None
        for serial in dict.fromkeys(serials):
            try:
                found.append(self.find(serial, family))
            except MistakeError as mistake:
                if mistake.problem is Problem.WRONG_TYPE:
                    raise
                missing = missing or mistake
        if not found and missing is not None:
            raise missing
        return found

    def reach(self, device: Device) -> Device:
        """Return a device that has to answer itself."""
        if not device.answers:
            raise MistakeError(Problem.OFFLINE)
        if not device.reachable:
            raise MistakeError(Problem.LOGGER_OFFLINE)
        return device

    def write(self, device: Device, values: Mapping[str, Setting]) -> None:
        """Let a device take settings; what is below its firmware's minimum it may drop without a word."""
        kept = dict(values)
        if kept.keys() & _FLOORS:
            fault = self.cloud.switchboard.take(VENDOR, self.path, "below_minimum")
            if fault is not None:
                least = fault.number(_FIRMWARE_MINIMUM)
                for key in kept.keys() & _FLOORS:
                    if float(kept[key]) < least:
                        del kept[key]
        device.obey(self.path, lambda: device.settings.update(kept))

    def page(self, rows: list[Json]) -> list[Json]:
        """Return the rows of the page that is asked for."""
        number, size = self.pages()
        return rows[(number - 1) * size : number * size]

    def pages(self) -> tuple[int, int]:
        """Return page and rows per page; empty ones are 1 and 20."""
        number, size = self._number("page", 1), self._number("perpage", _PER_PAGE)
        if size > _MOST_PER_PAGE:
            raise ApiError(V1_PER_PAGE, V1_MESSAGES[V1_PER_PAGE])
        if number > _MOST_PAGES:
            raise ApiError(V1_PAGES, V1_MESSAGES[V1_PAGES])
        return number, size

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """Return a date YYYY-MM-DD."""
        text = self.params.get(name, "")
        if not text and not needed:
            return None
        try:
            return datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            raise MistakeError(Problem.DATE) from None

    def span(self, zone: ZoneInfo) -> tuple[date, date]:
        """Return the first and the last of at most seven days; without dates it is today."""
        first = self.day("start_date", needed=False)
        last = self.day("end_date", needed=False)
        first = first or last or self.now().astimezone(zone).date()
        last = last or first
        if last < first:
            raise MistakeError(Problem.DATE)
        if last - first > _LONGEST:
            raise MistakeError(Problem.RANGE)
        return first, last

    def _number(self, name: str, default: int) -> int:
        """Return a number of at least 1."""
        text = self.params.get(name, "")
        if not text:
            return default
        if not text.isdigit() or int(text) < 1:
            raise MistakeError(Problem.SYSTEM)
        return int(text)
