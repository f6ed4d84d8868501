"""A real Home Assistant in this process, with an account that was added through the config flow."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import logging
from pathlib import Path
import sys

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.coordinator import HomeBatteryConfigEntry
from homeassistant import bootstrap
from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.runner import RuntimeConfig
from scripts.house_demo.configuration import write_configuration
from scripts.house_demo.errors import DemoError
from scripts.house_demo.flow import Answers
from scripts.house_demo.home import free_port

_GOES_ON = (
    FlowResultType.MENU,
    FlowResultType.FORM,
    FlowResultType.EXTERNAL_STEP,
    FlowResultType.EXTERNAL_STEP_DONE,
)
_CONFIGURATION = """\
homeassistant:
  name: Home
  latitude: 52.52
  longitude: 13.4
  unit_system: metric
  country: DE
  time_zone: Europe/Berlin
"""


def quiet() -> None:
    """Keep Home Assistant's log off the terminal from now on; its own file has it."""
    logging.getLogger().addHandler(logging.NullHandler())


@asynccontextmanager
async def home(
    root: Path, directory: Path, *, recorder: bool
) -> AsyncIterator[HomeAssistant]:
    """Start Home Assistant in a fresh configuration directory."""
    write_configuration(directory, root, free_port(None))
    (directory / "configuration.yaml").write_text(
        _CONFIGURATION + "recorder:\n" * recorder
    )
    hass = await bootstrap.async_setup_hass(
        RuntimeConfig(config_dir=str(directory), skip_pip=True)
    )
    # What ends the program is told where it was called, not in the log.
    sys.excepthook = sys.__excepthook__
    if hass is None:
        raise DemoError("Home Assistant did not start")
    await hass.async_start()
    try:
        yield hass
    finally:
        await hass.async_stop(force=True)


async def walk(
    hass: HomeAssistant, step: ConfigFlowResult, answers: Answers
) -> ConfigFlowResult:
    """Walk through a flow with an answer to each step, and return where it ends.

    Of a flow that only waits for its first answer no type is told. What comes of an
    external step needs no answer.
    """
    flow = hass.config_entries.flow
    while (kind := step.get("type", FlowResultType.FORM)) in _GOES_ON:
        is_done = kind is FlowResultType.EXTERNAL_STEP_DONE
        answer = None if is_done else answers[step["step_id"]]
        step = await flow.async_configure(step["flow_id"], answer)
    return step


async def add_account(hass: HomeAssistant, answers: Answers) -> HomeBatteryConfigEntry:
    """Walk through the flow with an answer to each step, and wait for all that follows."""
    flow = hass.config_entries.flow
    step = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    step = await walk(hass, step, answers)
    if step["type"] is not FlowResultType.CREATE_ENTRY:
        raise DemoError(f"the config flow ended with {step['type']}")
    await hass.async_block_till_done(wait_background_tasks=True)
    entry: HomeBatteryConfigEntry = step["result"]
    return entry
