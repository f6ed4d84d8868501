"""Whatever the unit answers, it becomes readings, controls or an error of ours."""

from datetime import UTC, datetime
import json
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import orjson
import pytest

from custom_components.home_battery.battery.errors import ChangeError
from custom_components.home_battery.transport.errors import (
    ApiError,
    AuthenticationError,
    CloudModeError,
    LockedError,
    OverlapError,
    RejectedError,
    TransientError,
    UnsupportedError,
)
from custom_components.home_battery.transport.http import Response
from custom_components.home_battery.vendors.eaton.alerts import news, record_of
from custom_components.home_battery.vendors.eaton.controls import (
    command_controls,
    running,
    settings_controls,
)
from custom_components.home_battery.vendors.eaton.errors import (
    TokenError,
    error_of,
    sign_in_error_of,
)
from custom_components.home_battery.vendors.eaton.models import (
    Alert,
    ModeRecord,
    ScheduleEvent,
    Status,
    Unit,
    UnitSettings,
    mapping,
)
from custom_components.home_battery.vendors.eaton.readings import values_of
from custom_components.home_battery.vendors.eaton.schedule import decode
from custom_components.home_battery.vendors.eaton.technical import (
    diagnostic_values,
    technical_values,
)

UNIT: Final = Unit(serial="SE1", rating=4600.0, meters=frozenset({1, 2}), has_pv=True)
NOW: Final = datetime(2026, 6, 15, 10, tzinfo=UTC)
BERLIN: Final = ZoneInfo("Europe/Berlin")

ATOMS: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.sampled_from(["", "n/a", "PRODUCER", "BAT_CHARGING", "SET_CHARGE", "MANUAL"]),
    st.text(max_size=5),
)
KEYS: Final = st.sampled_from(
    [
        *("alertId", "batteryEnergyFlow", "batteryStatus", "bmsBackupLevel"),
        *("bmsFaultCode", "bmsTemperature", "command", "country", "createdAt"),
        *("currentMode", "defaultMode", "diskUsage", "endTime", "energyFlow"),
        *("energySavingMode", "enabled", "gridFrequency", "gridRole", "gridValue"),
        *("id", "inverterSerialNumber", "level", "meters", "name", "number"),
        *("parameters", "partition", "phases", "phaseType", "power", "powerMeters"),
        *("recurrence", "results", "soc", "startTime", "subType", "timezone"),
        *("today", "type", "used", "size", "voltage", "acPvRole", "acPvValue"),
    ]
)
JSON: Final = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=6)
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_status(raw: Any) -> None:
    """A status is read, or is none."""
    try:
        status = Status.from_api(raw)
    except TransientError:
        return
    assert None not in values_of(status, UNIT, BERLIN, NOW).values()
    dict(command_controls(running(status.mode, None), UNIT, {}))


@given(JSON)
def test_any_identity(raw: Any) -> None:
    """A unit tells its serial number, or is none."""
    try:
        unit = Unit.from_api(raw)
    except TransientError:
        return
    assert unit.serial


@given(JSON)
def test_any_settings(raw: Any) -> None:
    """Settings are put back whole, or not at all."""
    settings = UnitSettings(mapping(raw))
    dict(settings_controls(settings, UNIT, {}))
    try:
        written = settings.as_written({}, {})
    except ChangeError:
        return
    assert None not in written.values()


@given(st.lists(JSON))
def test_any_schedule(raw: list[Any]) -> None:
    """Events are understood, or left out."""
    events = [ScheduleEvent.from_api(mapping(item)) for item in raw]
    schedule = decode([event for event in events if event is not None], UNIT)
    assert schedule.enabled


@given(JSON)
def test_any_alerts(raw: Any) -> None:
    """Alerts are told, or left out."""
    alerts = Alert.all_from_api({"results": [raw, {"alertId": "1", "createdAt": raw}]})
    assert isinstance(record_of(alerts).values["problem"], bool)
    assert len(news(alerts, {"alerts_seen": []})) == len(alerts)


@given(JSON)
def test_any_technical_status(raw: Any) -> None:
    """What technicians are told is read as far as it is sound."""
    assert None not in technical_values(raw, UNIT).values()
    assert None not in diagnostic_values(raw, UNIT).values()


@given(st.integers(200, 599), st.one_of(JSON.map(lambda raw: {"error": raw}), JSON))
def test_any_error(status: int, body: Any) -> None:
    """An answer is good, or one of our errors."""
    response = Response(status=status, body=json.dumps(body).encode())
    assert isinstance(error_of(response), ApiError) is (status >= 400)
    assert isinstance(sign_in_error_of(response), ApiError) is (status >= 400)


def answer(status: int, code: str | None, description: str = "") -> Response:
    """Return a refusal as the unit words it."""
    body = {"error": {"errCode": code, "description": description}}
    return Response(
        status=status, body=b"404 page" if code is None else orjson.dumps(body)
    )


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "err_unauthorized", TokenError),
        (403, "err_forbidden", UnsupportedError),
        (404, None, UnsupportedError),
        (412, "err_invalid_request_unit_connected", CloudModeError),
        (400, "err_schedule_add_event_overlap", OverlapError),
        (400, "Key: 'ManualCommandReq.Command'", RejectedError),
        (500, "err_internal", TransientError),
        (502, None, TransientError),
    ],
)
def test_error(status: int, code: str | None, kind: type[ApiError]) -> None:
    """Each refusal steers what follows."""
    assert type(error_of(answer(status, code))) is kind


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "err_wrong_credentials", AuthenticationError),
        (401, "err_invalid_inverter_sn", AuthenticationError),
        (500, "err_invalid_inverter_sn", AuthenticationError),
        (400, "err_invalid_credentials", AuthenticationError),
        (401, None, AuthenticationError),
        (401, "err_internal", TransientError),
        (500, "err_internal", TransientError),
        (401, "err_code_too_many_failed_signin", LockedError),
        (401, "10", LockedError),
        (404, None, UnsupportedError),
    ],
)
def test_sign_in_error(status: int, code: str | None, kind: type[ApiError]) -> None:
    """Only a refused account is one."""
    assert type(sign_in_error_of(answer(status, code))) is kind


@pytest.mark.parametrize(
    ("description", "minutes"),
    [("10", 10), ("Wait 3 minutes", 3), ("", 10), ("9999", 120)],
)
def test_how_long_it_is_locked(description: str, minutes: int) -> None:
    """The unit tells for how many minutes."""
    error = sign_in_error_of(
        answer(401, "err_code_too_many_failed_signin", description)
    )
    assert isinstance(error, LockedError)
    assert error.retry_after == minutes * 60


def test_mode_without_a_name() -> None:
    """Where no mode is told, there is none."""
    assert ModeRecord.from_api({}) is None
