"""Settings that come by name, and of which several are written together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Self

from ...battery.control import Control, NumberControl, Settings, SwitchControl
from ...battery.fields import number
from .models import Setting, mapping, truth

SWITCH: Final = {False: "disable", True: "enable"}


@dataclass(frozen=True, kw_only=True)
class NamedSettings:
    """Settings that are read and written together, each with its range or its words.

    Attributes:
        settings: By the vendor's names.
        names: The names of all; without one nothing could be written back.
        optional: Those that a device may lack.
        numbers: The vendor's names of the numbers, by control.
        switches: The vendor's names of what is on or off, by control.
        scales: What a number is multiplied by to be in our unit, by control.
    """

    settings: Mapping[str, Setting]

    names: ClassVar[tuple[str, ...]]
    optional: ClassVar[frozenset[str]] = frozenset()
    numbers: ClassVar[Mapping[str, str]] = {}
    switches: ClassVar[Mapping[str, str]] = {}
    scales: ClassVar[Mapping[str, float]] = {}

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read the answer of a query."""
        data = mapping(data)
        return cls(
            settings={
                name: Setting.parse(data.get(name))
                for name in cls.names
                if data.get(name) is not None or name not in cls.optional
            }
        )

    def as_wire(self) -> Mapping[str, object]:
        """Return the body of a change, which wants all of it as text."""
        return {name: setting.value for name, setting in self.settings.items()}

    def controls(self, blocked: str | None) -> dict[str, Control]:
        """Return the numbers and switches."""
        controls: dict[str, Control] = {
            key: SwitchControl(value=truth(self.settings[name].value))
            for key, name in self.switches.items()
        }
        for key, name in self.numbers.items():
            controls |= number_controls(
                {key: self.settings[name]}, self.scales.get(key, 1)
            )
        return controls

    def changed(self, values: Settings) -> Self:
        """Return all of it with some controls at other values."""
        settings = dict(self.settings)
        for key, name in (*self.numbers.items(), *self.switches.items()):
            value = values.get(key)
            if isinstance(value, bool):
                settings[name] = replace(settings[name], value=SWITCH[value])
            elif isinstance(value, int | float):
                text = f"{value / self.scales.get(key, 1):.10g}"
                settings[name] = replace(settings[name], value=text)
        return replace(self, settings=settings)


def number_controls(
    settings: Mapping[str, Setting | None], scale: float = 1
) -> dict[str, Control]:
    """Return numbers with the range that the device tells; without one, none."""
    return {
        key: NumberControl(
            value=None if (value := number(one.value)) is None else value * scale,
            minimum=one.minimum * scale,
            maximum=one.maximum * scale,
            step=one.precision * scale,
        )
        for key, one in settings.items()
        if one is not None and one.minimum is not None and one.maximum is not None
    }
