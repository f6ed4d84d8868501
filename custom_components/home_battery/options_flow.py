"""The options flow: what is to do in the first minutes, and can be chosen anew later."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

import probatio

from homeassistant.components.energy.const import DOMAIN as ENERGY
from homeassistant.components.recorder import DOMAIN as RECORDER
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import PERCENTAGE, UnitOfPower, UnitOfTime
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from .battery.change import ControlChange
from .battery.control import NumberControl
from .battery.model import Device, Inventory, Record, Role
from .const import (
    CONF_CONTROL,
    CONF_GRID_METER,
    CONF_PERMITTED_EXPORT,
    CONTROL,
    DOMAIN,
    WATCH,
)
from .coordinator import HomeBatteryConfigEntry
from .energy_plan import Choice, Deed, Kind, Prices, Step
from .energy_setup import Preview, async_preview, async_put_on_page, source_name
from .energy_sources import Reason, async_targets
from .import_history import USUAL_DAYS, async_wanted, calls
from .importing import Source
from .moving import async_make, async_move, async_offers
from .store import EntryStore
from .vendors.vendor import Vendor

_CONTROL: Final = SelectSelector(
    SelectSelectorConfig(
        options=[WATCH, CONTROL],
        mode=SelectSelectorMode.LIST,
        translation_key=CONF_CONTROL,
    )
)
_PERMITTED_EXPORT: Final = NumberSelector(
    NumberSelectorConfig(
        min=0,
        mode=NumberSelectorMode.BOX,
        unit_of_measurement=UnitOfPower.WATT,
    )
)
_CHOICE: Final = SelectSelector(
    SelectSelectorConfig(
        options=[str(choice) for choice in Choice],
        mode=SelectSelectorMode.LIST,
        translation_key="energy_choice",
    )
)
_PAST: Final = NumberSelector(
    NumberSelectorConfig(
        min=1,
        max=3650,
        step=1,
        mode=NumberSelectorMode.BOX,
        unit_of_measurement=UnitOfTime.DAYS,
    )
)
_DAYS: Final = "days"
# The off-grid minimum: what is kept for an outage.
_RESERVE: Final = "min_soc"
_NOTHING: Final = "–"


class HomeBatteryOptionsFlow(OptionsFlowWithReload):
    """What can be done after set-up, and at any time."""

    config_entry: HomeBatteryConfigEntry

    def __init__(self, vendor: Vendor) -> None:
        """Begin with all that the vendor's systems may have."""
        self._vendor = vendor
        # The systems that have no reserve, and those that are not asked for yet.
        self._without: set[str] = set()
        self._waiting: list[Device] = []

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to do."""
        ways = ["settings"]
        if self._is_loaded:
            if ENERGY in self.hass.config.components:
                ways.append("energy")
            if RECORDER in self.hass.config.components and self._with_past():
                ways.append("history")
            if RECORDER in self.hass.config.components and async_offers(
                self.hass, self.config_entry
            ):
                ways.append("move")
            if self._systems():
                ways.append("reserve")
        return self.async_show_menu(step_id="init", menu_options=[*ways, "done"])

    async def async_step_done(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """End with the options as they are."""
        return self.async_create_entry(data=dict(self.config_entry.options))

    async def async_step_settings(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to control, how much may be exported, and for what else counts.

        Of what cannot be told anything, there is nothing to control.
        """
        vendor = self._vendor
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = vendor.check_options(user_input)
            if not errors:
                return self.async_create_entry(data={CONF_CONTROL: WATCH, **user_input})
        store = EntryStore(self.hass, self.config_entry.entry_id)
        await store.async_load()
        fields: dict[probatio.Marker, Selector[Any]] = {}
        if not vendor.read_only:
            fields[probatio.Required(CONF_CONTROL)] = _CONTROL
            fields[probatio.Optional(CONF_PERMITTED_EXPORT)] = _PERMITTED_EXPORT
        for name, selector in vendor.options.items():
            fields[probatio.Optional(name)] = selector
        if meters := _rival_meters(store.inventory):
            fields[probatio.Optional(CONF_GRID_METER, default=list)] = SelectSelector(
                SelectSelectorConfig(options=meters, multiple=True)
            )
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(
                probatio.Schema(fields), user_input or self.config_entry.options
            ),
            errors=errors,
        )

    async def async_step_energy(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what would be on the energy page, ask about what is there, and do it."""
        if not self._is_loaded:
            return await self.async_step_init()
        errors: dict[str, str] = {}
        reason = ""
        targets = async_targets(self.config_entry)
        if user_input is not None:
            choices = {Kind(kind): Choice(said) for kind, said in user_input.items()}
            try:
                await async_put_on_page(self.hass, targets, choices, Prices())
            except HomeAssistantError as err:
                errors, reason = {"base": "not_done"}, await self._async_said(err)
            else:
                return await self.async_step_init()
        preview = await async_preview(self.hass, targets, {}, Prices())
        fields: dict[probatio.Marker, Selector[Any]] = {
            _question(kind): _CHOICE for kind in preview.plan.questions
        }
        return self.async_show_form(
            step_id="energy",
            data_schema=probatio.Schema(fields),
            errors=errors,
            description_placeholders={**_in_words(preview), "reason": reason},
        )

    async def async_step_history(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what it costs to bring in the past, ask how much of it, and begin."""
        if not self._is_loaded:
            return await self.async_step_init()
        entry = self.config_entry
        imports = entry.runtime_data.imports
        past = self._with_past()
        days = USUAL_DAYS if user_input is None else int(user_input[_DAYS])
        start = dt_util.utcnow() - timedelta(days=days)
        if user_input is not None:
            for device, sources in past:
                imports.async_start(device, start, tuple(sources))
            return await self.async_step_init()
        left = entry.runtime_data.limiter.calls_left
        return self.async_show_form(
            step_id="history",
            data_schema=probatio.Schema(
                {probatio.Required(_DAYS, default=days): _PAST}
            ),
            description_placeholders={
                "days": str(days),
                "calls": _bullets(
                    f"{device.name}: {calls(entry, device, sources, start)}"
                    for device, sources in past
                ),
                "left": _NOTHING if left is None else str(left),
                "running": _bullets(
                    f"{device.name}: {running.progress} %"
                    for device, _ in past
                    if (running := imports.of(device)) and running.ended is None
                ),
            },
        )

    async def async_step_move(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say whose statistics ours can go on from, and have them do."""
        if not self._is_loaded:
            return await self.async_step_init()
        offers = async_offers(self.hass, self.config_entry)
        problems: list[str] = []
        if user_input is not None:
            for entity_id, source in offers.items():
                try:
                    async_make(
                        self.hass, await async_move(self.hass, entity_id, source)
                    )
                except HomeAssistantError as err:
                    problems.append(await self._async_said(err))
            if not problems:
                return await self.async_step_init()
            offers = async_offers(self.hass, self.config_entry)
        return self.async_show_form(
            step_id="move",
            data_schema=probatio.Schema({}),
            errors={"base": "not_done"} if problems else {},
            description_placeholders={
                "pairs": _bullets(
                    f"{ours} ← {theirs}" for ours, theirs in offers.items()
                ),
                "reason": " ".join(problems),
            },
        )

    async def async_step_reserve(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what each system shall keep for an outage, one after the other."""
        if not self._is_loaded:
            return await self.async_step_init()
        errors: dict[str, str] = {}
        reason = ""
        if user_input is None:
            self._waiting = self._systems()
        elif problem := await self._async_keep(self._waiting[0], user_input[_RESERVE]):
            errors, reason = {_RESERVE: "not_done"}, problem
        else:
            self._waiting.pop(0)
        while self._waiting:
            device = self._waiting[0]
            if (control := await self._async_reserve(device)) is not None:
                return self.async_show_form(
                    step_id="reserve",
                    data_schema=self.add_suggested_values_to_schema(
                        probatio.Schema({probatio.Required(_RESERVE): _range(control)}),
                        user_input if errors else {_RESERVE: control.value},
                    ),
                    errors=errors,
                    description_placeholders={"system": device.name, "reason": reason},
                )
            self._without.add(device.key)
            self._waiting.pop(0)
        return await self.async_step_init()

    @property
    def _is_loaded(self) -> bool:
        """Tell whether the account is there to be asked."""
        return self.config_entry.state is ConfigEntryState.LOADED

    def _with_past(self) -> list[tuple[Device, dict[str, Source]]]:
        """Return the devices whose past can be brought in, with what of it."""
        devices = self.config_entry.runtime_data.inventory.devices.values()
        return [
            (device, wanted)
            for device in devices
            if (wanted := async_wanted(self.hass, self.config_entry, device))
        ]

    def _systems(self) -> list[Device]:
        """Return the systems that may have a reserve to set, as far as is known."""
        if self.config_entry.options[CONF_CONTROL] != CONTROL or not any(
            number.key == _RESERVE for number in self._vendor.tables.numbers
        ):
            return []
        runtime = self.config_entry.runtime_data
        return [
            device
            for device in runtime.inventory.with_role(Role.SYSTEM)
            if device.key not in self._without
            and (
                (settings := runtime.settings.record(device.key)) is None
                or _reserve(settings) is not None
            )
        ]

    async def _async_reserve(self, device: Device) -> NumberControl | None:
        """Return the reserve of a system, `None` where it has none or tells nothing."""
        writer = self.config_entry.runtime_data.writer
        try:
            return _reserve(await writer.async_settings(device))
        except HomeAssistantError:
            return None

    async def _async_keep(self, device: Device, reserve: float) -> str | None:
        """Have a system keep another reserve; return what is in the way of it."""
        held = await self._async_reserve(device)
        if held is not None and held.holds(reserve):
            return None
        try:
            await self.config_entry.runtime_data.overrides.async_write(
                device, ControlChange({_RESERVE: reserve}), None
            )
        except HomeAssistantError as err:
            return await self._async_said(err)
        return None

    async def _async_said(self, error: HomeAssistantError) -> str:
        """Return what an error says, in Home Assistant's language."""
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "exceptions", {DOMAIN}
        )
        key = f"component.{DOMAIN}.exceptions.{error.translation_key}.message"
        named = error.translation_placeholders or {}
        return texts[key].format(**named) if key in texts else str(error)


def _rival_meters(inventory: Inventory) -> list[SelectOptionDict]:
    """Return the devices of houses in which several may report the same meter."""
    return [
        SelectOptionDict(value=device.key, label=f"{house.name}: {device.name}")
        for house in inventory.with_role(Role.HOUSE)
        if len(devices := inventory.members(house.key)) > 1
        for device in devices
    ]


def _reserve(settings: Record) -> NumberControl | None:
    """Return the outage reserve among some settings."""
    control = settings.controls.get(_RESERVE)
    return control if isinstance(control, NumberControl) else None


def _range(control: NumberControl) -> NumberSelector:
    """Return a field for what a device takes."""
    return NumberSelector(
        NumberSelectorConfig(
            min=control.minimum,
            max=control.maximum,
            step=control.step,
            unit_of_measurement=PERCENTAGE,
            mode=NumberSelectorMode.BOX,
        )
    )


def _question(kind: Kind) -> probatio.Marker:
    """Return the field that asks what to do; a meter of the grid that is there stays."""
    if kind is Kind.GRID:
        return probatio.Required(str(kind), default=str(Choice.KEEP))
    return probatio.Required(str(kind))


def _in_words(preview: Preview) -> dict[str, str]:
    """Return what would become of each source, to be put into a text."""
    steps = preview.plan.steps
    return {
        "added": _bullets(
            _ours(step) for step in steps if step.deed in (Deed.ADD, Deed.COMPLETE)
        ),
        "present": _bullets(_ours(step) for step in steps if step.deed is Deed.PRESENT),
        "asked": _bullets(
            f"{_ours(step)} ↔ {', '.join(map(source_name, step.rivals))}"
            for step in steps
            if step.deed in (Deed.CONFLICT, Deed.KEEP)
        ),
        "left_out": _bullets(
            f"{left.name}: {left.sensor or left.kind}"
            for left in preview.gifts.left_out
            if left.reason is not Reason.OTHER_METER
        ),
    }


def _ours(step: Step) -> str:
    """Return a source as a person knows it: its device, and the sensor of its energy."""
    return f"{step.offer.name}: {source_name({**step.source, 'name': None})}"


def _bullets(lines: Iterable[str]) -> str:
    """Return lines as a list, a dash if there are none."""
    return "".join(f"\n- {line}" for line in lines) or _NOTHING
