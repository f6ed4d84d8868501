"""Settings as a device holds them, and the values by which they are written (Growatt notes 1.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .errors import MistakeError, Problem

_MOST_WATTS = 1_000_000

type Setting = int | float | str
_MOST_WATTS = 1_000_000

type Settings = Mapping[str, Setting]


class Spec(Protocol):
    """Some of the values of a command, and the settings that they become."""

    @property
    def width(self) -> int:
        """Return how many values it takes."""

    @property
    def empty(self) -> dict[str, Setting]:
        """Return the settings as they are where nobody has set them."""

    def read(self, texts: Sequence[str]) -> dict[str, Setting]:
        """Return the settings, or raise what is wrong with the values."""


def number(text: str, low: float, high: float, *, whole: bool = True) -> float:
    """Return a number within bounds; a whole one may have leading zeros."""
    if not text:
        raise MistakeError(Problem.EMPTY)
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        raise MistakeError(Problem.VALUE) from None
    if not low <= value <= high:
        raise MistakeError(Problem.VALUE)
    return value


@dataclass(frozen=True)
class _Single:
    """One value for one setting."""

    key: str

    @property
    def width(self) -> int:
        """Return that it is one."""
        return 1

    @property
    def empty(self) -> dict[str, Setting]:
        """Return zero."""
        return {self.key: 0}


@dataclass(frozen=True)
class Number(_Single):
    """A number between two others."""

    low: float = 0
    high: float = 100
    whole: bool = True

    def read(self, texts: Sequence[str]) -> dict[str, Setting]:
        """Return the number."""
        return {self.key: number(texts[0], self.low, self.high, whole=self.whole)}


def switch(key: str) -> Number:
    """Return a setting that is 0 or 1, also written as 0000 or 0001."""
    return Number(key, 0, 1)


@dataclass(frozen=True)
class ActivePower:
    """A limit of the output, whether it is to be remembered, and whether it is % (0) or W (1)."""

    rate: str
    memory: str
    unit: str
    width: int = 3

    @property
    def empty(self) -> dict[str, Setting]:
        """Return zeros."""
        return {self.rate: 0, self.memory: 0, self.unit: 0}

    def read(self, texts: Sequence[str]) -> dict[str, Setting]:
        """Return the three of them."""
        memory, unit = (number(text, 0, 1) for text in texts[1:])
        highest = _MOST_WATTS if unit else 100
        rate = number(texts[0], 0, highest)
        return {self.rate: rate, self.memory: memory, self.unit: unit}


@dataclass(frozen=True)
class PowerFactor(_Single):
    """A power factor: 0.8 to 1 or -0.8 to -1."""

    def read(self, texts: Sequence[str]) -> dict[str, Setting]:
        """Return the number."""
        value = number(texts[0], -1, 1, whole=False)
        if abs(value) < 0.8:
            raise MistakeError(Problem.VALUE)
        return {self.key: value}


@dataclass(frozen=True)
class Choice(_Single):
    """One of some words."""

    words: tuple[str, ...]

    def read(self, texts: Sequence[str]) -> dict[str, Setting]:
        """Return the word."""
        if not texts[0]:
            raise MistakeError(Problem.EMPTY)
        if texts[0] not in self.words:
            raise MistakeError(Problem.VALUE)
        return {self.key: texts[0]}


@dataclass(frozen=True)
class Moment(_Single):
    """A date and time in one of some formats."""

    formats: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S",)

    def read(self, texts: Sequence[str]) -> dict[str, Setting]:
        """Return the time as it was written."""
        if not texts[0]:
            raise MistakeError(Problem.EMPTY)
        for form in self.formats:
            try:
                datetime.strptime(texts[0], form)
            except ValueError:
                continue
            return {self.key: texts[0]}
        raise MistakeError(Problem.DATE)


@dataclass(frozen=True)
class Window:
    """Hour, minute, hour, minute, and with a key for it a switch; the end minute belongs to it."""

    start: str
    stop: str
    enable: str = ""

    @property
    def width(self) -> int:
        """Return how many values it takes."""
        return 5 if self.enable else 4

    @property
    def empty(self) -> dict[str, Setting]:
        """Return a window of no length."""
        times: dict[str, Setting] = {self.start: "0:0", self.stop: "0:0"}
        return {**times, self.enable: 0} if self.enable else times

    def read(self, texts: Sequence[str]) -> dict[str, Setting]:
        """Return start and stop without leading zeros, as the cloud shows them."""
        first, second, third, fourth = (
            int(number(text, 0, high))
            for text, high in zip(texts, (23, 59, 23, 59), strict=False)
        )
        if (third, fourth) < (first, second):
            raise MistakeError(Problem.ORDER)
        values = {
            **self.empty,
            self.start: f"{first}:{second}",
            self.stop: f"{third}:{fourth}",
        }
        if self.enable:
            values[self.enable] = number(texts[4], 0, 1)
        return values


type Command = tuple[Spec, ...]
type Commands = Mapping[str, Command]


def read_command(command: Command, texts: Sequence[str]) -> dict[str, Setting]:
    """Return all settings of a command; what it has no use for must be empty."""
    values: dict[str, Setting] = {}
    at = 0
    for spec in command:
        values |= spec.read(texts[at : at + spec.width])
        at += spec.width
    if any(texts[at:]):
        raise MistakeError(Problem.VALUE)
    return values


def minute(settings: Settings, key: str) -> int:
    """Return a setting "h:m" as a minute of the day."""
    hours, _, minutes = str(settings[key]).partition(":")
    return int(hours) * 60 + int(minutes)
