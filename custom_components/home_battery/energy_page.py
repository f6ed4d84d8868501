"""The preferences of Home Assistant's energy page, which are kept before each change."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypedDict

import probatio

from homeassistant.components.energy.const import DOMAIN as ENERGY
from homeassistant.components.energy.data import (
    ENERGY_SOURCE_SCHEMA,
    EnergyManager,
    EnergyPreferences,
    async_get_manager,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

_VERSION: Final = 1
_KEPT: Final = 10


class Backup(TypedDict):
    """What the preferences were until some moment, in ISO 8601."""

    time: str
    preferences: EnergyPreferences


class EnergyPage:
    """Reads and changes the preferences; writers take turns."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Keep the means."""
        self._hass = hass
        self._lock = asyncio.Lock()
        self._store: Store[dict[str, list[Backup]]] = Store(
            hass, _VERSION, f"{DOMAIN}.energy_page", private=True
        )

    async def async_preferences(self) -> EnergyPreferences:
        """Return the preferences as they are.

        Raises:
            ServiceValidationError: Home Assistant has no energy page.
        """
        if ENERGY not in self._hass.config.components:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="no_energy_page"
            )
        manager = await async_get_manager(self._hass)
        preferences = EnergyManager.default_preferences()
        return {**preferences, **manager.data} if manager.data else preferences

    async def async_change(
        self, change: Callable[[EnergyPreferences], EnergyPreferences]
    ) -> None:
        """Have the preferences be what they are changed to.

        Raises:
            ServiceValidationError: There is no energy page, or the change is refused.
            HomeAssistantError: The energy page would not understand it.
        """
        async with self._lock:
            before = await self.async_preferences()
            after = change(before)
            if after != before:
                await self._async_write(after, before, await self._async_backups())

    async def async_restore(self, until: datetime | None) -> list[str]:
        """Have the preferences be what they were; what they are is kept instead.

        Args:
            until: Until when they were so; the latest if `None`.

        Returns:
            When what is kept was given up, the latest first.

        Raises:
            ServiceValidationError: There is no energy page, or nothing is kept.
            HomeAssistantError: The energy page would not understand it.
        """
        async with self._lock:
            before = await self.async_preferences()
            backups = await self._async_backups()
            backup = next(
                (
                    kept
                    for kept in backups
                    if until is None or datetime.fromisoformat(kept["time"]) == until
                ),
                None,
            )
            if backup is None:
                raise ServiceValidationError(
                    translation_domain=DOMAIN,
                    translation_key="no_energy_backup",
                    translation_placeholders={
                        "times": ", ".join(kept["time"] for kept in backups) or "–"
                    },
                )
            others = [kept for kept in backups if kept is not backup]
            await self._async_write(backup["preferences"], before, others)
            return [kept["time"] for kept in await self._async_backups()]

    async def _async_backups(self) -> list[Backup]:
        """Return the former preferences, the latest first."""
        stored = await self._store.async_load()
        return [] if stored is None else stored["backups"]

    async def _async_write(
        self,
        after: EnergyPreferences,
        before: EnergyPreferences,
        backups: list[Backup],
    ) -> None:
        """Write the preferences, once what they were is safe.

        This is all that we do to the energy page, whose manager checks nothing.
        """
        try:
            sources = ENERGY_SOURCE_SCHEMA(after["energy_sources"])
        except probatio.Invalid as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="energy_page_refused",
                translation_placeholders={"reason": str(err)},
            ) from err
        now = Backup(time=dt_util.utcnow().isoformat(), preferences=before)
        await self._store.async_save({"backups": [now, *backups][:_KEPT]})
        manager = await async_get_manager(self._hass)
        await manager.async_update({**after, "energy_sources": sources})


_PAGE: Final[HassKey[EnergyPage]] = HassKey(f"{DOMAIN}_energy_page")


@callback
def async_get_page(hass: HomeAssistant) -> EnergyPage:
    """Return the one energy page."""
    if _PAGE not in hass.data:
        hass.data[_PAGE] = EnergyPage(hass)
    return hass.data[_PAGE]
