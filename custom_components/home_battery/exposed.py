"""What a person lets an assistant know of, and how that is called."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError

from .battery.model import Role
from .command import COMMAND
from .const import DOMAIN
from .devices import async_entities, async_name
from .targets import Target

_COMMAND: Final = f"select.{COMMAND.key}"


class Exposed(NamedTuple):
    """A system or house of which an assistant may know something.

    Attributes:
        name: What it is called.
        target: What it is.
        entities: The ids of the entities that the assistant may know of, by
            domain and key.
    """

    name: str
    target: Target
    entities: Mapping[str, str]

    @property
    def is_system(self) -> bool:
        """Tell whether it is a system, and not a house."""
        return self.target.device.role is Role.SYSTEM

    @property
    def is_steerable(self) -> bool:
        """Tell whether the assistant may steer it."""
        return _COMMAND in self.entities


@callback
def async_exposed(hass: HomeAssistant, assistant: str) -> list[Exposed]:
    """Return the systems and houses of which an assistant may know something."""
    found = []
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        runtime = entry.runtime_data
        for device in runtime.inventory.with_role(Role.HOUSE, Role.SYSTEM):
            entities = {
                key: entity_id
                for key, entity_id in async_entities(hass, entry, device).items()
                if async_should_expose(hass, assistant, entity_id)
            }
            if entities:
                target = Target(runtime.device_ids[device.key], entry, device)
                found.append(Exposed(async_name(hass, entry, device), target, entities))
    return found


def named(devices: Sequence[Exposed], name: str | None) -> Sequence[Exposed]:
    """Return the devices of a name, all of them without one.

    Raises:
        ServiceValidationError: None has that name.
    """
    if name is None:
        return devices
    found = [
        device
        for device in devices
        if device.name.casefold() == name.strip().casefold()
    ]
    if not found:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="unknown_name",
            translation_placeholders={"name": name, "names": names(devices)},
        )
    return found


def the_one(devices: Sequence[Exposed], name: str | None) -> Exposed:
    """Return the one device that is meant.

    Raises:
        ServiceValidationError: None or several are.
    """
    found = named(devices, name)
    if len(found) != 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="name_needed",
            translation_placeholders={"names": names(devices)},
        )
    return found[0]


def names(devices: Sequence[Exposed]) -> str:
    """Return the names of devices, for people and models to choose from."""
    return ", ".join(sorted(device.name for device in devices))
