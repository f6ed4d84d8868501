"""What a vendor measures beyond the common readings, under keys of our own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .fields import Field, number
from .model import Value

_MAX_TEXT: Final = 255
_NO_FAULT: Final = "-"
_PHASES: Final = "rst"
_LETTERS: Final = "abc"

type MakeField = Callable[[str, tuple[str, ...], Quantity], Field]


class Quantity(StrEnum):
    """What a variable measures; it decides unit, and the end of a numbered key."""

    POWER = "power"
    APPARENT_POWER = "apparent_power"
    REACTIVE_POWER = "reactive_power"
    VOLTAGE = "voltage"
    CURRENT = "current"
    FREQUENCY = "frequency"
    TEMPERATURE = "temperature"
    ENERGY = "energy"
    DAY_ENERGY = "day_energy"
    SOC = "soc"
    LOAD = "load"
    HUMIDITY = "humidity"
    DIRECTION = "direction"
    SIGNAL = "signal"
    RATIO = "ratio"
    COUNT = "count"
    CODE = "code"
    FAULT = "fault"


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One of the vendor's values that is worth a name.

    Attributes:
        field: Its key, and where and within which limits it is found.
        quantity: What it measures.
        text: Key of its translated name, which numbered ones share.
        number: Which string, phase or pack it belongs to.
    """

    field: Field
    quantity: Quantity
    text: str
    number: int | None = None

    @property
    def key(self) -> str:
        """Return the reading's key."""
        return self.field.key

    @property
    def names(self) -> tuple[str, ...]:
        """Return the vendor's names for it, in lower case."""
        return self.field.names

    def read(self, record: Mapping[str, object]) -> Value | None:
        """Return the variable's value in our unit, `None` where there is none."""
        if self.quantity not in (Quantity.CODE, Quantity.FAULT):
            return self.field.read(record)
        sent = [record[name] for name in self.names if name in record]
        told = next(filter(None, map(text_of, sent)), None)
        # No fault is told too: it says that one is over.
        if self.quantity is Quantity.FAULT and (told == "0" or "" in sent):
            return _NO_FAULT
        return told


def single(key: str, quantity: Quantity, *names: str, make: MakeField) -> Variable:
    """Return a variable that exists once."""
    return Variable(field=make(key, names, quantity), quantity=quantity, text=key)


def numbered(
    group: str,
    numbers: Iterable[int],
    names: Mapping[Quantity, tuple[str, ...]],
    *,
    make: MakeField,
) -> Iterator[Variable]:
    """Yield the variables that exist once per string, phase or pack.

    Args:
        group: First part of the key.
        numbers: How the vendor's places are numbered.
        names: The vendor's names of what is measured, with `{n}` for the number,
            `{p}` for the letter of a phase and `{a}` for one from a on.
        make: Makes the field of a key, of names and of a quantity.
    """
    for place in numbers:
        letters = {"p": _PHASES[place - 1 : place], "a": _LETTERS[place - 1 : place]}
        for quantity, templates in names.items():
            key = f"{group}_{place}_{quantity}"
            filled = tuple(name.format(n=place, **letters) for name in templates)
            yield Variable(
                field=make(key, filled, quantity),
                quantity=quantity,
                text=f"{group}_{quantity}",
                number=place,
            )


def value_of(value: object) -> Value | None:
    """Return what a field says that is known by nothing but the vendor's name."""
    counted = number(value)
    return text_of(value) if counted is None else round(counted, 3) + 0.0


def text_of(value: object) -> str | None:
    """Return a text that says something and fits into a state."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if number(value) is None and not isinstance(value, str):
        return None
    text = value.strip() if isinstance(value, str) else f"{value:.15g}"
    return text if 0 < len(text) <= _MAX_TEXT else None
