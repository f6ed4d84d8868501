"""A JSON body, read the way the unit's firmware reads it: typed fields, then a validator."""

from collections.abc import Collection, Mapping

from ..jsontypes import Json
from .errors import InvalidError


class Struct:
    """A JSON object with the name that complaints give it; unknown keys are ignored."""

    def __init__(self, name: str, body: Json) -> None:
        """Read an object; null counts as an empty one."""
        self.name = name
        if body is None:
            body = {}
        if not isinstance(body, Mapping):
            raise InvalidError(
                f"json: cannot unmarshal {_kind(body)} into Go value of type {name}"
            )
        self._body = body

    def __contains__(self, key: str) -> bool:
        """Return whether there is something under a key."""
        return self._body.get(key) is not None

    def inner(self, key: str, *, required: bool = True) -> Struct:
        """Return an object within."""
        self._need(key, required)
        value = self._body.get(key)
        if value is not None and not isinstance(value, Mapping):
            raise self._mistyped(key, value, "struct")
        return Struct(f"{self.name}.{_field(key)}", value)

    def text(
        self, key: str, *, required: bool = False, one_of: Collection[str] = ()
    ) -> str:
        """Return a text, one of some if these are named."""
        self._need(key, required)
        value = self._body.get(key)
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise self._mistyped(key, value, "string")
        if required and not value:
            raise self.complain(key, "required")
        if one_of and value not in one_of:
            raise self.complain(key, "oneof")
        return value

    def whole(
        self, key: str, low: int, high: int | None = None, *, required: bool = True
    ) -> int:
        """Return a whole number in a range."""
        self._need(key, required)
        value = self._body.get(key)
        if value is None:
            value = 0
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._mistyped(key, value, "int")
        if value < low:
            raise self.complain(key, "min")
        if high is not None and value > high:
            raise self.complain(key, "max", most=high)
        return value

    def flag(self, key: str, *, required: bool = False) -> bool:
        """Return a boolean; a text that says so is none."""
        self._need(key, required)
        value = self._body.get(key)
        if value is None:
            value = False
        if not isinstance(value, bool):
            raise self._mistyped(key, value, "bool")
        return value

    def complain(self, key: str, tag: str, *, most: int | None = None) -> InvalidError:
        """Return what the validator says of a value."""
        field = _field(key)
        return InvalidError(
            f"Key: '{self.name}.{field}' Error:Field validation for '{field}' failed on the '{tag}' tag",
            most,
        )

    def _need(self, key: str, required: bool) -> None:
        """Complain if a key has to be there and is not."""
        if required and key not in self:
            raise self.complain(key, "required")

    def _mistyped(self, key: str, value: Json, wanted: str) -> InvalidError:
        """Return what the parser says."""
        return InvalidError(
            f"json: cannot unmarshal {_kind(value)} into Go struct field {self.name}.{key} of type {wanted}"
        )


def _field(key: str) -> str:
    """Return the name of a field in the firmware's own code."""
    return key[:1].upper() + key[1:]


def _kind(value: Json) -> str:
    """Return what the parser calls a value of a wrong type."""
    match value:
        case bool():
            return "bool"
        case str():
            return "string"
        case int() | float():
            return f"number {value}"
        case Mapping():
            return "object"
        case _:
            return "array"
