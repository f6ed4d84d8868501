"""Whatever the cloud answers, nothing breaks."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.model import Device, Role
from custom_components.home_battery.transport.errors import ApiError, TransientError
from custom_components.home_battery.vendors.foxess.models import (
    AccessCount,
    DeviceDetail,
    DeviceEntry,
    Plant,
    RealTime,
    Scheduler,
    Setting,
    SocLimits,
)
from custom_components.home_battery.vendors.foxess.models_parts import (
    PartEntry,
    meter_settings,
)
from custom_components.home_battery.vendors.foxess.readings import record_of
from custom_components.home_battery.vendors.foxess.schedule import (
    capabilities_of,
    decode,
)
from custom_components.home_battery.vendors.foxess.settings import SystemSettings

from .wire import JSON, objects

INVERTER = Device(kind="inverter", id="SN", role=Role.SYSTEM, name="KH8")
GROUP = objects(
    "enable",
    "startHour",
    "startMinute",
    "endHour",
    "endMinute",
    "workMode",
    "isRemainMode",
    "extraParam",
    "minSocOnGrid",
    "fdPwr",
)
PROPERTY = objects("range", "enumList", "unit")
SCHEDULER = st.one_of(
    JSON,
    st.fixed_dictionaries(
        {},
        optional={
            "enable": JSON,
            "groups": st.one_of(JSON, st.lists(GROUP, max_size=4)),
            "properties": st.one_of(
                JSON,
                st.fixed_dictionaries(
                    {},
                    optional=dict.fromkeys(
                        ("workmode", "fdpwr", "fdsoc", "minsocongrid", "maxsoc"),
                        PROPERTY,
                    ),
                ),
            ),
            "maxGroupCount": JSON,
        },
    ),
)
VARIABLES = (
    "pvPower",
    "SoC",
    "SoC_1",
    "batVolt",
    "maxChargeCurrent",
    "maxDischargeCurrent",
    "invBatPower_1",
    "batChargePower",
    "batDischargePower",
    "meterPower",
    "runningState",
    "currentFaultCount",
    "generation",
    "PVEnergyTotal",
)
RECORD = st.one_of(
    objects("deviceSN", "time", "datas"),
    st.fixed_dictionaries(
        {
            "deviceSN": st.just("SN"),
            "datas": st.lists(
                st.fixed_dictionaries(
                    {"variable": st.sampled_from(VARIABLES), "value": JSON}
                )
            ),
        },
        optional={"time": JSON},
    ),
)


@pytest.mark.parametrize(
    ("parse", "answers"),
    [
        pytest.param(
            Plant.parse, objects("stationID", "name", "ianaTimezone"), id="plant"
        ),
        pytest.param(
            DeviceEntry.parse,
            objects("deviceSN", "deviceType", "stationID", "hasBattery", "hasPV"),
            id="device",
        ),
        pytest.param(
            DeviceDetail.parse,
            objects("capacity", "function", "batteryList", "masterVersion"),
            id="detail",
        ),
        pytest.param(
            DeviceDetail.parse,
            st.fixed_dictionaries(
                {"batteryList": st.lists(objects("batterySN", "type", "capacity"))}
            ),
            id="batteries",
        ),
        pytest.param(
            PartEntry.logger,
            objects("moduleSN", "stationID", "status", "signal", "softVersion"),
            id="logger",
        ),
        pytest.param(PartEntry.meter, objects("sn", "stationID", "status"), id="meter"),
        pytest.param(
            PartEntry.heat_pump,
            objects("heatSN", "runningStatus", "registerStatus", "deviceType"),
            id="heat pump",
        ),
        pytest.param(SocLimits.parse, objects("minSoc", "minSocOnGrid"), id="soc"),
        pytest.param(
            Setting.parse,
            objects("value", "range", "enumList", "precision"),
            id="setting",
        ),
        pytest.param(AccessCount.parse, objects("total", "remaining"), id="count"),
        pytest.param(RealTime.parse, RECORD, id="record"),
        *(
            pytest.param(
                lambda data, version=version: Scheduler.parse(data, version),
                SCHEDULER,
                id=f"scheduler {version}",
            )
            for version in range(4)
        ),
    ],
)
@given(data=st.data())
def test_any_answer_is_understood_or_refused(
    parse: Callable[[object], Any], answers: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    """Whatever comes, a parser returns or raises what stands for a bad answer."""
    answer = data.draw(answers)
    with suppress(TransientError):
        assert asdict(parse(answer)) is not None


@given(
    st.dictionaries(
        st.sampled_from(["mode", "feedinPower", "deviceQuantity"]),
        st.one_of(
            objects("value", "unit"),
            st.fixed_dictionaries({"value": JSON, "unit": st.sampled_from(["", "kW"])}),
        ),
    )
)
def test_any_meter_setting_is_a_reading(data: Any) -> None:
    """Whatever a meter's settings hold, what is taken of them is text or a number."""
    for value in meter_settings(data).values():
        assert isinstance(value, str | float)


@given(RECORD, st.booleans())
def test_any_record_has_sound_readings(data: Any, has_battery: bool) -> None:
    """Whatever a record holds, its readings are numbers, texts or times."""
    try:
        real_time = RealTime.parse(data)
    except ApiError:
        return
    for value in record_of(real_time, has_battery=has_battery).values.values():
        assert isinstance(value, bool | str | datetime) or abs(value) < 1e12


@given(SCHEDULER, st.integers(0, 3))
def test_any_scheduler_can_be_shown(data: Any, version: int) -> None:
    """Whatever a scheduler holds, it has a meaning, limits and a body to write."""
    try:
        scheduler = Scheduler.parse(data, version)
    except ApiError:
        return
    decode(scheduler)
    capabilities_of(scheduler, max_power=None, min_soc=None)
    scheduler.as_wire()


@given(
    objects("value", "range", "enumList"),
    objects("value", "range", "enumList"),
    SCHEDULER,
)
def test_any_settings_are_controls(
    max_soc: Any, work_mode: Any, scheduler: Any
) -> None:
    """Whatever settings hold, they become a record."""
    try:
        settings = SystemSettings(
            max_soc=Setting.parse(max_soc),
            work_mode=Setting.parse(work_mode),
            scheduler=Scheduler.parse(scheduler, 3),
        )
    except ApiError:
        return
    settings.record(INVERTER)
