"""What is written only as a whole: nothing is invented, and nothing gets lost."""

from collections.abc import Callable
from contextlib import suppress
from datetime import time
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.control import (
    ControlValue,
    NumberControl,
    Window,
)
from custom_components.home_battery.transport.errors import TransientError
from custom_components.home_battery.vendors.foxess.models import Setting
from custom_components.home_battery.vendors.foxess.named import number_controls
from custom_components.home_battery.vendors.foxess.parameters import (
    CHARGE_WINDOWS,
    HEATING_WINDOWS,
    ChargeWindows,
    Heating,
    PeakShaving,
)

from .wire import JSON, objects

TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
WINDOW = st.tuples(st.booleans(), TIMES, TIMES)
CLOCK = objects("hour", "minute")
HEATING_NAMES = [
    "batteryWarmUpEnable",
    "startTemperature",
    "endTemperature",
    *(
        f"time{number}{part}"
        for number in (1, 2, 3)
        for part in ("Enable", "StartHour", "StartMinute", "EndHour", "EndMinute")
    ),
]
ANSWERS = st.one_of(
    objects("importLimit", "soc"),
    st.fixed_dictionaries(
        {},
        optional={f"{edge}Time{n}": CLOCK for edge in ("start", "end") for n in (1, 2)},
    ),
    st.fixed_dictionaries(
        {
            "dataList": st.one_of(
                JSON,
                st.tuples(*(JSON for _ in HEATING_NAMES)).map(
                    lambda values: [
                        {"name": name, "value": value}
                        for name, value in zip(HEATING_NAMES, values, strict=True)
                    ]
                ),
            )
        }
    ),
)


def heating_answer(**values: str) -> dict[str, Any]:
    """Return an answer with everything that a heating has."""
    told = {
        **{name: "disable" if "Enable" in name else "0" for name in HEATING_NAMES},
        "startTemperature": "2",
        "endTemperature": "11",
        "minStartTemperatureRange": "1",
        "maxStartTemperatureRange": "9",
        "batteryWarmUpState": "The battery is in a stopped warm up state",
        **values,
    }
    return {
        "dataList": [{"name": name, "value": value} for name, value in told.items()]
    }


def as_values(
    windows: tuple[Window, ...], held: tuple[tuple[bool, time, time], ...]
) -> dict[str, ControlValue]:
    """Return the controls' values of some windows."""
    values: dict[str, ControlValue] = {}
    for window, (on, start, end) in zip(windows, held, strict=True):
        values |= {window.switch: on, window.start: start, window.end: end}
    return values


@pytest.mark.parametrize("kind", [PeakShaving, ChargeWindows, Heating])
@given(data=ANSWERS)
def test_any_answer(kind: Callable[..., Any], data: Any) -> None:
    """Whatever comes, it is understood or said to be unreadable."""
    with suppress(TransientError):
        kind.parse(data).controls(None)  # type: ignore[attr-defined]


@given(st.tuples(WINDOW, WINDOW))
def test_charge_windows(held: tuple[tuple[bool, time, time], ...]) -> None:
    """Both windows go out as they came, whole."""
    windows = ChargeWindows(windows=held)
    assert ChargeWindows.parse(windows.as_wire()) == windows
    empty = ChargeWindows(windows=((False, time(0), time(0)),) * 2)
    values = as_values(CHARGE_WINDOWS, held)
    assert empty.changed(values) == windows
    assert {
        key: control.value for key, control in windows.controls(None).items()
    } == values


@given(st.tuples(WINDOW, WINDOW, WINDOW))
def test_heating_windows(held: tuple[tuple[bool, time, time], ...]) -> None:
    """The windows go out with everything that the heating has, as text."""
    heating = Heating.parse(heating_answer())
    values = as_values(HEATING_WINDOWS, held)
    changed = heating.changed(values)
    body = changed.as_wire()
    assert set(body) == set(HEATING_NAMES)
    assert {type(value) for value in body.values()} == {str}
    read_back = Heating.parse(heating_answer(**body))
    assert {
        key: control.value
        for key, control in read_back.controls(None).items()
        if key in values
    } == values
    assert body["startTemperature"] == "2"


def test_heating_without_a_range() -> None:
    """A temperature of which the device tells no range is not offered."""
    controls = Heating.parse(heating_answer()).controls(None)
    assert controls["heating_start_temperature"] == NumberControl(
        value=2, minimum=1, maximum=9, step=1
    )
    assert "heating_end_temperature" not in controls


@pytest.mark.parametrize("name", HEATING_NAMES)
def test_heating_is_not_invented(name: str) -> None:
    """Without one of its parts, the heating could not be written back."""
    answer = heating_answer()
    answer["dataList"] = [one for one in answer["dataList"] if one["name"] != name]
    with pytest.raises(TransientError):
        Heating.parse(answer)


@pytest.mark.parametrize("clock", [None, {}, {"hour": 25, "minute": 0}, {"hour": "x"}])
def test_window_is_not_invented(clock: Any) -> None:
    """A time that is none voids the answer."""
    body = ChargeWindows(windows=((True, time(1), time(2)),) * 2).as_wire()
    with pytest.raises(TransientError):
        ChargeWindows.parse({**body, "endTime2": clock})


def test_end_of_the_day() -> None:
    """Hour 24 is midnight."""
    body = ChargeWindows(windows=((True, time(1), time(2)),) * 2).as_wire()
    parsed = ChargeWindows.parse({**body, "endTime2": {"hour": 24, "minute": 0}})
    assert parsed.windows[1][2] == time(0)


def test_peak_shaving_half_known() -> None:
    """The half that is not changed is not invented either."""
    peak_shaving = PeakShaving.parse(
        {
            "importLimit": {"value": "?", "range": {"min": 0, "max": 10}},
            "soc": {"value": "30", "range": {"min": 10, "max": 100}},
        }
    )
    assert peak_shaving.controls(None)["peak_shaving_import_limit"].value is None
    with pytest.raises(TransientError):
        peak_shaving.changed({"peak_shaving_soc": 40}).as_wire()
    changed = peak_shaving.changed(
        {"peak_shaving_soc": 40, "peak_shaving_import_limit": 2500}
    )
    assert changed.as_wire() == {"importLimit": 2.5, "soc": 40}


def test_number_without_a_range() -> None:
    """What the device would take is not guessed."""
    setting = Setting(value="5", minimum=None, maximum=9, precision=1, options=())
    assert number_controls({"export_limit": setting, "other": None}) == {}
