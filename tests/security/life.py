"""An account in Home Assistant, watched for whether a secret of it is told."""

from collections.abc import Iterable, Iterator, Mapping
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import async_pass
from tests.sign_in import async_agree

from .accounts import Case, forms

# What people see again of what they have entered.
NAMES = ("email", "username")
# Where each feed tells of each round.
OURS = "custom_components.home_battery.coordinator"
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
            await self.perform(action, device_id=device, **data)
        self.look()

    async def perform(self, action: str, **data: Any) -> None:
        """Perform an action, and note what comes of it."""
        try:
            self.told.append(
                await self.hass.services.async_call(
                    DOMAIN, action, data, blocking=True, return_response=True
                )
            )
        except HomeAssistantError as err:
            self.told += chain(err)

    async def talk(
        self,
        flow: ConfigFlowResult,
        answers: Iterable[Mapping[str, Any]],
        browser: ClientSessionGenerator,
    ) -> ConfigFlowResult:
        """Go through a flow with answers, and note what its steps tell."""
        flows = self.hass.config_entries.flow
        for answer in answers:
            self.told += shown(flow)
            flow = await flows.async_configure(flow["flow_id"], dict(answer))
            if flow["type"] is FlowResultType.EXTERNAL_STEP:
                flow = await async_agree(self.hass, flow, browser)
            await self.hass.async_block_till_done(wait_background_tasks=True)
        self.told += shown(flow)
        self.look()
        return flow

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
        records = [
            record for record in caplog.records if not record.name.startswith(OTHERS)
        ]
        assert (OURS, logging.DEBUG) in {(one.name, one.levelno) for one in records}
        assert self.secrets
        places = {
            "log": "\n".join(map(caplog.handler.format, records)),
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


def shown(flow: ConfigFlowResult) -> Iterator[object]:
    """Yield what a person sees of a step, but for the name that was entered."""
    yield {
        key: flow.get(key)
        for key in ("errors", "description_placeholders", "reason", "title", "url")
    }
    schema = flow.get("data_schema")
    for field in schema.schema if schema is not None else ():
        if str(field) not in NAMES:
            yield str(field), getattr(field, "__dict__", None)
            if callable(default := getattr(field, "default", None)):
                yield default()
