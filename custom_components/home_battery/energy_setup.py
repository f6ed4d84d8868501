"""The actions that set up the energy page and put it back, for administrators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, Final, cast

import probatio

from homeassistant.components.energy.data import EnergyPreferences, SourceType
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service

from .const import DOMAIN
from .energy_page import async_get_page
from .energy_plan import Choice, Deed, Kind, Plan, Prices, Source, Step, make_plan
from .energy_sources import GIVERS, Gifts, async_gifts
from .targets import Target, async_systems


def _price(value: Any) -> str | float:
    """Return a price: a number, also as text, or the entity that tells it.

    Raises:
        probatio.Invalid: It is neither.
    """
    try:
        number = float(value)
    except TypeError, ValueError:
        return cv.entity_id(value)
    if not isfinite(number):
        raise probatio.Invalid("expected a finite number")
    return number


_SETUP_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(ATTR_DEVICE_ID): probatio.All(
            probatio.EnsureList(), probatio.Length(min=1), [cv.string]
        ),
        probatio.Optional("dry_run", default=True): cv.boolean,
        **{probatio.Optional(str(kind)): probatio.Coerce(Choice) for kind in Kind},
        probatio.Optional("import_price"): _price,
        probatio.Optional("export_price"): _price,
    }
)
_RESTORE_SCHEMA: Final = probatio.Schema({probatio.Optional("time"): cv.datetime})


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What would be on the energy page.

    Attributes:
        gifts: What the devices give.
        plan: What would become of it.
        preferences: What all the preferences would be.
        changed: Whether anything would be another than it is.
    """

    gifts: Gifts
    plan: Plan
    preferences: EnergyPreferences
    changed: bool


@callback
def async_setup_energy_dashboard(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, handler, schema in (
        ("setup_energy_dashboard", _async_setup, _SETUP_SCHEMA),
        ("restore_energy_dashboard", _async_restore, _RESTORE_SCHEMA),
    ):
        service.async_register_admin_service(
            hass,
            DOMAIN,
            name,
            handler,
            schema=schema,
            supports_response=SupportsResponse.OPTIONAL,
        )


async def async_preview(
    hass: HomeAssistant,
    targets: Iterable[Target],
    choices: Mapping[Kind, Choice],
    prices: Prices,
) -> Preview:
    """Return what the energy page would be with the devices on it.

    Raises:
        ServiceValidationError: Home Assistant has no energy page.
    """
    preferences = await async_get_page(hass).async_preferences()
    return _preview(preferences, async_gifts(hass, targets), choices, prices)


async def async_put_on_page(
    hass: HomeAssistant,
    targets: Iterable[Target],
    choices: Mapping[Kind, Choice],
    prices: Prices,
) -> Preview:
    """Put the devices on the energy page.

    Raises:
        ServiceValidationError: There is no energy page, or somebody has to choose
            what becomes of sources of others.
        HomeAssistantError: The energy page would not understand it.
    """
    gifts = async_gifts(hass, targets)
    previews: list[Preview] = []

    def change(preferences: EnergyPreferences) -> EnergyPreferences:
        """Return the preferences with the devices in them."""
        preview = _preview(preferences, gifts, choices, prices)
        if conflicts := preview.plan.conflicts:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="energy_conflict",
                translation_placeholders={"conflicts": in_short(conflicts)},
            )
        previews.append(preview)
        return preview.preferences

    await async_get_page(hass).async_change(change)
    return previews[0]


def _preview(
    preferences: EnergyPreferences,
    gifts: Gifts,
    choices: Mapping[Kind, Choice],
    prices: Prices,
) -> Preview:
    """Return what some preferences would be."""
    sources = cast("list[Source]", preferences["energy_sources"])
    plan = make_plan(sources, gifts.offers, gifts.separate, choices, prices)
    return Preview(
        gifts=gifts,
        plan=plan,
        preferences={
            **preferences,
            "energy_sources": cast("list[SourceType]", plan.sources),
        },
        changed=plan.sources != sources,
    )


def in_short(sources: Mapping[Kind, Iterable[Source]]) -> str:
    """Return sources of others as a person may know them, by the field that decides."""
    return "; ".join(
        f"{kind}: {', '.join(map(source_name, found))}"
        for kind, found in sources.items()
    )


def source_name(source: Source) -> str:
    """Return what tells a source from others."""
    statistic = (
        source.get("stat_energy_from")
        or source.get("stat_energy_to")
        or source.get("stat_rate")
    )
    return f"{source['name']} ({statistic})" if source.get("name") else f"{statistic}"


async def _async_setup(call: ServiceCall) -> ServiceResponse:
    """Put devices on the energy page, or say what would be done."""
    targets = async_systems(call, steer=False)
    for target in targets:
        if target.device.role not in GIVERS:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_energy_source",
                translation_placeholders={"device": target.device.name},
            )
    prices = Prices(
        imported=_known(call, "import_price"), exported=_known(call, "export_price")
    )
    choices = {kind: call.data[kind] for kind in Kind if kind in call.data}
    dry_run: bool = call.data["dry_run"]
    act = async_preview if dry_run else async_put_on_page
    preview = await act(call.hass, targets, choices, prices)
    result: dict[str, Any] = {
        "dry_run": dry_run,
        "changed": preview.changed,
        "sources": [_told(step) for step in preview.plan.steps],
        "left_out": [
            {
                "type": str(left.kind),
                "device_id": left.device_id,
                "name": left.name,
                "sensor": left.sensor,
                "reason": str(left.reason),
            }
            for left in preview.gifts.left_out
        ],
        "preferences": cast("dict[str, Any]", preview.preferences),
    }
    return {"result": result}


def _known(call: ServiceCall, field: str) -> str | float | None:
    """Return a price that an action names, if there is an entity where it is one."""
    price: str | float | None = call.data.get(field)
    if isinstance(price, str) and call.hass.states.get(price) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="unknown_price",
            translation_placeholders={"entity": price},
        )
    return price


def _told(step: Step) -> dict[str, Any]:
    """Return what becomes of a source; where others are in its way, what can be chosen."""
    told: dict[str, Any] = {
        "type": str(step.offer.kind),
        "device_id": step.offer.device_id,
        "name": step.offer.name,
        "action": str(step.deed),
        "source": step.source,
    }
    if step.rivals:
        told["existing"] = list(step.rivals)
    if step.deed in (Deed.CONFLICT, Deed.KEEP):
        told["choices"] = [str(choice) for choice in Choice]
    return told


async def _async_restore(call: ServiceCall) -> ServiceResponse:
    """Put the energy page back as it was before the last change."""
    page = async_get_page(call.hass)
    until: datetime | None = call.data.get("time")
    backups = await page.async_restore(until)
    preferences = cast("dict[str, Any]", await page.async_preferences())
    return {"result": {"backups": list(backups), "preferences": preferences}}
