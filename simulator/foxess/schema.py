"""Strict reading of request bodies: anything missing, extra or mistyped is 40257."""

from collections.abc import Collection, Mapping

from ..jsontypes import Json
from .errors import BAD_BODY, ApiError


class Fields:
    """The fields of a JSON object, which must all be known, present and of the right type."""

    def __init__(
        self,
        value: Json,
        *,
        required: Collection[str] = (),
        optional: Collection[str] = (),
    ) -> None:
        """Refuse anything but an object with these keys."""
        if not isinstance(value, Mapping):
            raise ApiError(BAD_BODY)
        if set(required) - value.keys() or value.keys() - set(required) - set(optional):
            raise ApiError(BAD_BODY)
        self._fields = value

    def has(self, key: str) -> bool:
        """Return whether an optional field was sent with a value."""
        return self._fields.get(key) is not None

    def text(self, key: str) -> str:
        """Return a string that is not empty."""
        if not isinstance(value := self._fields[key], str) or not value:
            raise ApiError(BAD_BODY)
        return value

    def whole(self, key: str, lowest: float, highest: float) -> int:
        """Return a whole number within bounds; a JSON boolean is none."""
        if (number := self.number(key, lowest, highest)) != int(number):
            raise ApiError(BAD_BODY)
        return int(number)

    def member(self, key: str, options: Collection[float]) -> float:
        """Return one of some numbers."""
        if (value := self.number(key, min(options), max(options))) not in options:
            raise ApiError(BAD_BODY)
        return value

    def number(self, key: str, lowest: float, highest: float) -> float:
        """Return a number within bounds; a JSON boolean is none."""
        value = self._fields[key]
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not lowest <= value <= highest
        ):
            raise ApiError(BAD_BODY)
        return value

    def digits(self, key: str, lowest: int, highest: int) -> int:
        """Return a whole number that travels as a string."""
        text = self.text(key)
        if (
            not text.isascii()
            or not text.isdigit()
            or not lowest <= int(text) <= highest
        ):
            raise ApiError(BAD_BODY)
        return int(text)

    def boolean(self, key: str) -> bool:
        """Return a JSON boolean."""
        if not isinstance(value := self._fields[key], bool):
            raise ApiError(BAD_BODY)
        return value

    def choice(self, key: str, options: Collection[str]) -> str:
        """Return one of some strings."""
        if (value := self.text(key)) not in options:
            raise ApiError(BAD_BODY)
        return value

    def texts(self, key: str, most: int) -> list[str]:
        """Return a list of strings, not longer than allowed."""
        texts: list[str] = []
        for item in self.items(key, most):
            if not isinstance(item, str):
                raise ApiError(BAD_BODY)
            texts.append(item)
        return texts

    def items(self, key: str, most: int) -> list[Json]:
        """Return a list that is not longer than allowed."""
        if not isinstance(value := self._fields[key], list) or len(value) > most:
            raise ApiError(BAD_BODY)
        return value

    def raw(self, key: str) -> Json:
        """Return a field as it was sent."""
        return self._fields[key]
