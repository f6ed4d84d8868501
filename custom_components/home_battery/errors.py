"""What went wrong, in translated words."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir

from .battery.errors import ChangeError
from .battery.model import Device, Record
from .battery.running import Running
from .battery.schedule import Period
from .const import CONF_FINGERPRINT, DOMAIN
from .transport.errors import (
    ApiError,
    AuthenticationError,
    BlockedByScheduleError,
    CertificateError,
    CloudModeError,
    ForbiddenError,
    LimitError,
    LockedError,
    QuotaError,
    RejectedError,
    SignatureError,
    UnknownDeviceError,
    UnsupportedError,
    WatchOnlyError,
    WrongServerError,
)

if TYPE_CHECKING:
    from .coordinator import HomeBatteryConfigEntry

CERTIFICATE: Final = "certificate"

# The first that fits, so what is special stands before what is general.
_PROBLEMS: tuple[tuple[type[ApiError], str], ...] = (
    (AuthenticationError, "authentication_error"),
    (WrongServerError, "wrong_server"),
    (QuotaError, "quota_exhausted"),
    (LockedError, "account_locked"),
    (LimitError, "rate_limited"),
    (UnsupportedError, "unsupported"),
    (BlockedByScheduleError, "blocked_by_schedule"),
    (UnknownDeviceError, "unknown_device"),
    (CloudModeError, "cloud_mode"),
    (RejectedError, "refused"),
    (WatchOnlyError, "watch_only"),
    (ForbiddenError, "call_refused"),
    (CertificateError, "certificate_changed"),
    (SignatureError, "signature_error"),
)


def problem_of(error: ApiError) -> str:
    """Return the translation key of an API error."""
    return next(
        (key for kind, key in _PROBLEMS if isinstance(error, kind)),
        "communication_error",
    )


@callback
def async_failed(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, error: ApiError
) -> HomeAssistantError:
    """Return an error for people; some also need a person's hand."""
    if isinstance(error, AuthenticationError):
        entry.async_start_reauth(hass)
    if isinstance(error, CloudModeError):
        async_report_cloud_mode(hass, entry, refused=True)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=problem_of(error),
        translation_placeholders={"error": str(error)},
    )


def as_validation_error(error: ChangeError) -> ServiceValidationError:
    """Return a mistake in a request as one that people can read."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=error.problem,
        translation_placeholders=error.placeholders,
    )


@callback
def async_report_silence(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, issue: str, *, silent: bool
) -> None:
    """Raise or clear the repair issue that the vendor has not answered for long."""
    issue_id = f"silent_{entry.entry_id}"
    if not silent:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=issue,
        translation_placeholders={"title": entry.title},
    )


@callback
def async_report_cloud_mode(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, *, refused: bool
) -> None:
    """Raise or clear the repair issue that a device listens to its cloud only."""
    issue_id = f"cloud_mode_{entry.entry_id}"
    if not refused:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="cloud_mode",
        translation_placeholders={"title": entry.title},
    )


@callback
def async_report_certificate(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, error: ApiError | None
) -> None:
    """Raise or clear the repair issue that a device shows another certificate.

    What else goes wrong tells nothing of it.
    """
    issue_id = f"{CERTIFICATE}_{entry.entry_id}"
    if error is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
    if not isinstance(error, CertificateError):
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id, "fingerprint": error.fingerprint},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key="certificate_changed",
        translation_placeholders={
            "title": entry.title,
            "known": readable(entry.data[CONF_FINGERPRINT]),
            "shown": readable(error.fingerprint),
        },
    )


def readable(fingerprint: str) -> str:
    """Return a fingerprint in the form in which browsers show it."""
    return ":".join(
        fingerprint[at : at + 2].upper() for at in range(0, len(fingerprint), 2)
    )


@callback
def async_report_leftover(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    device: Device,
    running: Running | None,
    *,
    lasting: bool = False,
) -> None:
    """Raise or clear the repair issue that an override could not be cleared away.

    A lasting one stays when nobody is left who could raise it again.
    """
    issue_id = f"leftover_{entry.entry_id}_{device.key}"
    if running is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    period = running.period
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        is_persistent=lasting,
        severity=ir.IssueSeverity.ERROR,
        translation_key=f"leftover_{running.ending}",
        translation_placeholders={
            "device": device.name,
            "mode": running.wanted.mode,
            "start": "" if period is None else f"{period.start:%H:%M}",
            "end": "" if period is None else f"{period.end:%H:%M}",
        },
    )


@callback
def async_report_fight(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    device: Device,
    running: Running | None,
    settings: Record | None = None,
) -> None:
    """Raise or clear the repair issue that something else ends our overrides."""
    issue_id = f"fight_{entry.entry_id}_{device.key}"
    if running is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ours, theirs = _both_sides(running, settings or Record())
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="fight",
        translation_placeholders={
            "device": device.name,
            "ours": ours,
            "theirs": theirs,
        },
    )


def _both_sides(running: Running, settings: Record) -> tuple[str, str]:
    """Return what a device was told, and what it holds instead."""
    if running.period is not None:
        state = settings.schedule
        held = () if state is None else state.schedule.periods
        return _in_short([running.period]), _in_short(held)
    controls = settings.controls
    theirs = {
        key: getattr(controls[key], "value", None)
        for key in running.controls
        if key in controls
    }
    return _settings_in_short(running.controls), _settings_in_short(theirs)


def _settings_in_short(values: Mapping[str, object]) -> str:
    """Return settings that are known, for people to compare."""
    return ", ".join(f"{key}: {value}" for key, value in values.items() if value) or "-"


def _in_short(periods: Iterable[Period]) -> str:
    """Return what periods say, for people to compare."""
    return (
        ", ".join(
            f"{period.start:%H:%M}-{period.end:%H:%M} {period.mode}"
            for period in periods
        )
        or "-"
    )


@callback
def async_report_quota(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, *, gone: bool
) -> None:
    """Raise or clear the repair issue that the day's calls are used up."""
    issue_id = f"quota_{entry.entry_id}"
    if not gone:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="quota_exhausted",
        translation_placeholders={"title": entry.title},
    )
