"""An account in Home Assistant, watched for whether a secret of it is told."""

from collections.abc import Iterable, Iterator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import async_pass

from .accounts import Case, forms

# Whatever else logs is no part of Home Assistant as people have it.
OTHERS = ("simulator", "pytest_homeassistant_custom_component")


class Life:
    """An account in Home Assistant, and all that is told of it."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        sim: Simulation,
        case: Case,
    ) -> None:
        """Watch an account that is not set up yet."""
        self.hass = hass
        self.freezer = freezer
        self.sim = sim
        self.case = case
        self.entry: MockConfigEntry = case.entry(sim)
        self.secrets: set[str] = set()
        self.told: list[object] = []

    async def go_on(self, minutes: float = 10) -> None:
        """Let time pass, and note what is secret and what is told by then."""
        await async_pass(self.hass, self.freezer, minutes=minutes)
        self.look()

    def look(self) -> None:
        """Note what is secret, and what states and issues tell."""
        self.secrets.update(self.case.secrets(self.sim))
        self.told += [state.as_dict() for state in self.hass.states.async_all()]
        self.told += ir.async_get(self.hass).issues.values()
        self.told += [
            part
            for runtime in filter(None, [getattr(self.entry, "runtime_data", None)])
            for feed in (runtime.readings, runtime.settings, *runtime.others)
            for part in chain(feed.last_exception)
        ]

    async def act(self, action: str, **data: Any) -> None:
        """Perform an action on every device, and note what comes of it."""
        for device in self.devices():
            try:
                self.told.append(
                    await self.hass.services.async_call(
                        DOMAIN,
                        action,
                        {"device_id": device, **data},
                        blocking=True,
                        return_response=True,
                    )
                )
            except HomeAssistantError as err:
                self.told += chain(err)
        self.look()

    def devices(self) -> list[str]:
        """Return the registry's ids of the account's devices."""
        return [
            device.id
            for device in dr.async_entries_for_config_entry(
                dr.async_get(self.hass), self.entry.entry_id
            )
        ]

    def fail(self, **fault: Any) -> None:
        """Have the server fail in one way, and in no other."""
        self.sim.faults.clear()
        self.sim.faults.add(Fault(vendor=self.case.vendor, **fault))

    def redirect(self, paths: Iterable[str], target: str) -> None:
        """Have the server send elsewhere whoever asks for one of some paths."""
        for path in paths:
            self.sim.faults.add(
                Fault(vendor=self.case.vendor, kind="redirect", path=path, value=target)
            )

    def found_in(self, caplog: pytest.LogCaptureFixture, **more: str) -> list[Any]:
        """Return where a secret stands: in the log, in what was told, or elsewhere."""
        logged = [
            caplog.handler.format(record)
            for record in caplog.records
            if not record.name.startswith(OTHERS)
        ]
        assert len(logged) > 100
        assert self.secrets
        places = {
            "log": "\n".join(logged),
            "told": "\n".join(map(repr, self.told)),
            **more,
        }
        needles = {form for secret in self.secrets for form in forms(secret)}
        return [
            (place, text[max(0, at - 80) : at + 10])
            for place, text in places.items()
            for needle in needles
            if (at := text.find(needle)) >= 0
        ]


def chain(error: BaseException | None) -> Iterator[object]:
    """Yield an error with all that it comes from, as it shows itself."""
    while error is not None:
        yield str(error)
        yield repr(error)
        yield repr(vars(error))
        error = error.__cause__ or error.__context__
