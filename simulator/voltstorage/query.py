"""Parameters of a query, read strictly."""

from dataclasses import dataclass
from math import isfinite
import re
from typing import Final

from multidict import MultiMapping

from .errors import InvalidError

_WHOLE: Final = re.compile(r"-?\d{1,15}")


@dataclass(frozen=True)
class Query:
    """The parameters of one request. An empty one is a wrong one, not a missing one."""

    given: MultiMapping[str]

    def text(self, name: str) -> str | None:
        """Return a text that is not empty, or None."""
        if (value := self.given.get(name)) is None:
            return None
        if not value:
            raise InvalidError(f"{name} must not be empty")
        return value

    def whole(self, name: str, *, least: int | None = None) -> int | None:
        """Return a whole number, or None."""
        if (value := self.given.get(name)) is None:
            return None
        return _whole(name, value, least)

    def wholes(self, name: str) -> list[int]:
        """Return whole numbers of a parameter that may be given several times."""
        values = [*self.given.getall(name, []), *self.given.getall(f"{name}[]", [])]
        return [_whole(name, value, None) for value in values]

    def number(self, name: str, *, least: float | None = None) -> float | None:
        """Return a number, or None."""
        if (value := self.given.get(name)) is None:
            return None
        try:
            number = float(value)
        except ValueError:
            raise InvalidError(f"{name} must be a number") from None
        if not isfinite(number) or (least is not None and number < least):
            raise InvalidError(f"{name} is out of range")
        return number

    def flag(self, name: str) -> bool | None:
        """Return true or false, or None."""
        value = self.given.get(name)
        if value not in {None, "true", "false"}:
            raise InvalidError(f"{name} must be true or false")
        return None if value is None else value == "true"


def _whole(name: str, value: str, least: int | None) -> int:
    """Return a whole number that is not too small."""
    if _WHOLE.fullmatch(value) is None:
        raise InvalidError(f"{name} must be a whole number")
    number = int(value)
    if least is not None and number < least:
        raise InvalidError(f"{name} must be at least {least}")
    return number
