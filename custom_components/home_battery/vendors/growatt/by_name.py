"""Settings of Growatt devices by their documented names (Growatt notes, 1.6 and 1.7)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import override

from ...battery.errors import ChangeError, Problem
from ...battery.model import Device
from ..parameters import Parameters
from .control import GrowattControl
from .steering.parameters import CATALOGUES, Catalogue, Parameter
from .steering.values import Bean


class GrowattParameters(Parameters):
    """What a settings record tells is read from it, the rest from the device itself."""

    def __init__(
        self,
        control: Callable[[Device], Awaitable[GrowattControl]],
        permitted_export: float | None,
    ) -> None:
        """Keep the means; nothing is sent yet.

        Args:
            control: Returns the steering of a device.
            permitted_export: What devices may be told to export, in W.
        """
        self._control = control
        self._permitted_export = permitted_export

    @override
    def check(self, device: Device, name: str, values: Sequence[str]) -> None:
        catalogue, parameter = _documented(device, name)
        catalogue.write(device.id, name, *values)
        if parameter.exports and self._permitted_export is not None:
            raise ChangeError(
                Problem.PARAMETER_EXPORTS, control=name, limit=self._permitted_export
            )

    @override
    async def read(self, device: Device, name: str) -> Sequence[str]:
        catalogue, parameter = _documented(device, name)
        control = await self._control(device)
        if parameter.told_by:
            told = _words_in(await control.record(), parameter)
            if told:
                return told
        return _words(await control.ask(catalogue.reading(name)))

    @override
    async def write(self, device: Device, name: str, values: Sequence[str]) -> None:
        catalogue, _ = _documented(device, name)
        control = await self._control(device)
        await control.send(catalogue.write(device.id, name, *values))

    @override
    def held(
        self, device: Device, name: str, values: Sequence[str], told: Sequence[str]
    ) -> bool:
        _, parameter = _documented(device, name)
        pairs = list(zip(parameter.values, values, told, strict=False))
        return bool(pairs) and all(
            value.same(wanted, held) for value, wanted, held in pairs
        )


def _documented(device: Device, name: str) -> tuple[Catalogue, Parameter]:
    """Return what is documented of a setting."""
    catalogue = CATALOGUES.get(device.kind)
    parameter = None if catalogue is None else catalogue.parameters.get(name)
    if catalogue is None or parameter is None:
        raise ChangeError(Problem.UNKNOWN_CONTROL, control=name)
    return catalogue, parameter


def _words_in(bean: Bean, parameter: Parameter) -> tuple[str, ...]:
    """Return what a record tells of a setting, nothing unless it tells all of it."""
    if not all(key in bean for key in parameter.told_by):
        return ()
    return tuple(
        word for key in parameter.told_by for word in _words(bean[key], parameter)
    )


def _words(value: object, parameter: Parameter | None = None) -> tuple[str, ...]:
    """Return a value as words; a time such as `7:5` is two, unless it is a date."""
    if isinstance(value, bool):
        return (str(int(value)),)
    text = str(value).strip()
    dated = parameter is not None and parameter.values[0].form is not None
    return (text,) if dated else tuple(text.split(":"))
