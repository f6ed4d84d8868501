"""How tests go through the options of an entry, as a person does."""

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType


async def open_options(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Open the options, which begin with a menu."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert menu["type"] is FlowResultType.MENU
    assert menu["step_id"] == "init"
    return menu


async def choose(
    hass: HomeAssistant, menu: ConfigFlowResult, way: str
) -> ConfigFlowResult:
    """Go a way on from the menu, to a form of the same name."""
    form = await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": way}
    )
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == way
    return form


async def open_settings(
    hass: HomeAssistant, entry: MockConfigEntry
) -> ConfigFlowResult:
    """Open the options, and there the settings."""
    return await choose(hass, await open_options(hass, entry), "settings")
