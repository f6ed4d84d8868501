"""From the vendor's records to the common readings and the vendor's own."""

from collections.abc import Mapping
from datetime import UTC, datetime
import math
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.home_battery.battery.model import Status, Value
from custom_components.home_battery.vendors.growatt.measures import MEASURES
from custom_components.home_battery.vendors.growatt.readings import record_of
from custom_components.home_battery.vendors.growatt.variables import VARIABLES
from tests.vendors.foxess.wire import JSON

from .samples import RECORDS, family_of

BERLIN = ZoneInfo("Europe/Berlin")
FAMILIES = sorted({*map(family_of, RECORDS), "nexa", "unheard-of"})
NAMES = sorted({name for record in RECORDS.values() for name in record})
NOISE = -0.10000000149011612


def values(family: str, /, **raw: Any) -> dict[str, Value]:
    """Return the readings of a record with these fields."""
    return dict(record_of(family, raw, zone=UTC).values)


def changed(name: str, /, **raw: Any) -> dict[str, Value]:
    """Return the readings of a family's record with some fields changed."""
    return values(family_of(name), **{**RECORDS[name], **raw})


@pytest.mark.parametrize("name", RECORDS)
def test_record(name: str, snapshot: SnapshotAssertion) -> None:
    """All that a record of each family tells."""
    record = record_of(family_of(name), RECORDS[name], zone=BERLIN)
    assert record.time == record.values.get("last_data")
    assert dict(sorted(record.values.items())) == snapshot


@pytest.mark.parametrize("name", RECORDS)
def test_identities_are_no_readings(name: str) -> None:
    """Neither serial numbers nor names nor times are told beside the record's own."""
    secret = {
        value
        for key, value in RECORDS[name].items()
        if isinstance(value, str)
        and key.lower().endswith(("sn", "serialnum", "id", "alias", "time", "timestr"))
    }
    told = record_of(family_of(name), RECORDS[name], zone=UTC).values
    assert secret.isdisjoint(map(str, told.values()))
    assert len({key.lower() for key in told}) == len(told)


@pytest.mark.parametrize("name", ["sph", "spa", "wit", "sph-s", "storage", "min_xh"])
def test_every_battery_has_the_common_readings(name: str) -> None:
    """Whatever the names on the wire, the readings are the same."""
    told = record_of(family_of(name), RECORDS[name], zone=UTC).values
    assert told.keys() >= {
        "battery_soc",
        "battery_power",
        "battery_energy_charged",
        "battery_energy_discharged",
        "battery_voltage",
        "pv_power",
        "pv_energy",
        "grid_power",
        "grid_energy_imported",
        "grid_energy_exported",
        "inverter_power",
        "last_data",
    }


@pytest.mark.parametrize("name", ["min", "inverter", "inverter_v1", "max"])
def test_without_a_battery(name: str) -> None:
    """A bean of zeros is no battery, and no meter either."""
    told = record_of(family_of(name), RECORDS[name], zone=UTC).values
    told_of = ("battery_", "pack_", "eps_", "grid_power", "grid_energy", "load_")
    assert [key for key in told if key.startswith(told_of)] == []
    assert [key for key in told if key.startswith(("growatt_b", "growatt_soc"))] in (
        [],
        ["growatt_bMerterConnectFlag", "growatt_bgridType", "growatt_bsystemWorkMode"],
        ["growatt_bigDevice"],
    )


@pytest.mark.parametrize(
    ("charge", "discharge", "imported", "exported"),
    [(0, 1480.5, 0, 1203.3), (900, 0, 250, 0), (0, 0, 0, 0)],
)
def test_signs(
    charge: float, discharge: float, imported: float, exported: float
) -> None:
    """Discharging and importing are positive in every family that tells them apart."""
    expected = (round(discharge - charge, 3), round(imported - exported, 3))
    flows = {"pacToUserTotal": imported, "pacToGridTotal": exported}
    parts = {"pcharge1": charge, "pdischarge1": discharge}
    told = [
        changed(
            "min_xh", bdc1ChargePower=charge, bdc1DischargePower=discharge, **flows
        ),
        changed("sph", **parts, **flows, pacToUserR=0, pacToGridR=0),
        changed("spa", **parts, **flows, pacToUserR=0, pacToGridR=0),
        changed("sph-s", **parts, **flows),
        changed("wit", uBatChgP=charge, uBatDsgP=discharge, **flows),
        changed(
            "storage",
            pBat=0,
            pCharge=charge,
            pDischarge=discharge,
            pacToUser=imported,
            pacToGrid=exported,
        ),
    ]
    assert [(item["battery_power"], item["grid_power"]) for item in told] == [
        expected
    ] * len(told)


def test_balance() -> None:
    """PV, battery and grid come to what the house takes."""
    told: dict[str, Any] = changed("min_xh")
    given = told["pv_power"] + told["battery_power"]
    assert told["load_power"] == pytest.approx(
        told["inverter_power"] + told["grid_power"]
    )
    assert 0 <= given - told["inverter_power"] <= 0.05 * given


@pytest.mark.parametrize(
    ("name", "raw", "key", "expected"),
    [
        pytest.param("min_xh", {"bmsSoc": 64}, "battery_soc", 64.0, id="BMS first"),
        pytest.param("min_xh", {}, "battery_soc", 63.0, id="BDC where the BMS is 0"),
        pytest.param("min_xh", {"bdc1Soc": 0}, "battery_soc", None, id="SOC 0 belied"),
        pytest.param("sph", {"soc": 0, "bmsSOC": 0}, "battery_soc", None, id="belied"),
        pytest.param(
            "sph",
            {"soc": 0, "bmsSOC": 0, "pdischarge1": 0},
            "battery_soc",
            0.0,
            id="empty",
        ),
        pytest.param(
            "sph",
            {"soc": 0, "bmsSOC": 0, "pdischarge1": 0, "vbat": 0, "bmsBatteryVolt": 0},
            "battery_soc",
            None,
            id="no voltage",
        ),
        pytest.param("sph", {"soc": 101}, "battery_soc", 100.0, id="over full"),
        pytest.param("wit", {"soc": 40, "soc2": 50}, "battery_soc", 45.0, id="mean"),
        pytest.param("wit", {"batPower": -300, "batPower2": -200}, "battery_power", 500.0, id="sign of WIT"),
        pytest.param("storage", {"pBat": -250}, "battery_power", -250.0, id="signed"),
        pytest.param("sph", {"bmsBatteryCurr": -3}, "battery_current", 3.0, id="current discharging"),
        pytest.param("sph", {"bmsBatteryCurr": 3, "pdischarge1": 0, "pcharge1": 9}, "battery_current", -3.0, id="current charging"),
        pytest.param("sph", {"bmsBatteryCurr": 3, "pdischarge1": 0}, "battery_current", None, id="idle"),
        pytest.param("sph", {"bmsSOH": 0}, "battery_soh", None, id="no SOH"),
        pytest.param("sph", {"temp1": 0}, "inverter_temperature", None, id="no sensor"),
        pytest.param("sph", {"temp1": NOISE}, "inverter_temperature", None, id="sentinel"),
        pytest.param("sph", {"epvTotal": 2000}, "pv_energy", 2000.0, id="PV total"),
        pytest.param("sph", {"epvTotal": 0}, "pv_energy", 1833.0, id="PV of the strings"),
        pytest.param("sph", {"epvTotal": NOISE}, "pv_energy", 1833.0, id="PV sentinel"),
        pytest.param("sph", {"edischarge1Total": 0}, "battery_energy_discharged", 0.0, id="v4 alone"),
        pytest.param("sph_v1", {}, "battery_energy_discharged", 5540.6, id="v1"),
        pytest.param("sph_v1", {"edischargeTotal": "99.5"}, "battery_energy_discharged", 99.5, id="text"),
        pytest.param("sph", {"pacToUserTotal": 0, "pacToGridTotal": 0, "pacToUserR": 70, "pacToGridR": 0}, "grid_power", 70.0, id="one phase"),
        pytest.param("inverter", {"epvTotal": 0, "epv1Total": 0, "epv2Total": 0}, "pv_energy", 130.3, id="yield as PV"),
        pytest.param("inverter", {"epvTotal": 0, "epv1Total": 0, "epv2Total": 0, "powerTotal": 0}, "pv_energy", 0.0, id="all 0 at night"),
        pytest.param("inverter", {"ppv": 0, "ppv1": 0}, "pv_power", 0.0, id="no sun"),
        pytest.param("inverter", {"pac": 1e9}, "inverter_power", None, id="garbage"),
        pytest.param("min", {"eacTotal": 21.600000381469727}, "inverter_energy", 21.6, id="noise of 32 bits"),
        pytest.param("spa", {"ppvInverter": 0, "epvInverterTotal": 0}, "pv_power", None, id="no PV beside"),
        pytest.param("spa", {"ppvInverter": 0}, "pv_power", 0.0, id="PV beside at night"),
        pytest.param("meter", {"posiActivePower": 20, "reverActivePower": 320}, "grid_power", -300.0, id="two directions"),
        pytest.param("meter", {"activePower": 0}, "grid_power", None, id="meter without power"),
        pytest.param("meter", {"activePower": 0, "positiveActiveTotalEnergy": 5}, "grid_power", 0.0, id="nothing flows"),
        pytest.param("meter", {"positiveActiveTotalEnergy": "512.25"}, "grid_energy_imported", 512.25, id="imported"),
        pytest.param("meter", {"reverseActiveEnergy": 7.5}, "grid_energy_exported", 7.5, id="exported"),
        pytest.param("meter", {"voltageUa": 231.2}, "meter_phase_1_voltage", 231.2, id="CHNT"),
        pytest.param("meter", {"voltageL2": 230.1, "activePowerL2": -55}, "meter_phase_2_power", -55.0, id="SDM"),
        pytest.param("meter", {"activeEnergy": 20959.2}, "meter_energy", 20959.2, id="both directions"),
        pytest.param("meter", {"lost": "1"}, "online", False, id="meter lost"),
        pytest.param("meter", {"lost": True}, "online", False, id="meter lost as such"),
        pytest.param("meter", {"lost": "false"}, "online", True, id="meter there"),
        pytest.param("meter", {"lost": ""}, "online", None, id="meter says nothing"),
        pytest.param("sph", {"lost": True}, "pv_power", 1058.0, id="lost is not believed"),
        pytest.param("env", {"radiant": 0}, "irradiance", 0.0, id="dark"),
        pytest.param("env", {}, "air_humidity", None, id="no hygrometer"),
        pytest.param("boost", {"power": 1500}, "heater_power", 1500.0, id="heater"),
        pytest.param("datalogger", {}, "signal_strength", -70.0, id="signal"),
        pytest.param("datalogger", {"lost": True}, "online", False, id="logger lost"),
        pytest.param("min_xh", {"bdc1FaultType": 4}, "growatt_bdc1FaultType", 4.0, id="vendor's own"),
        pytest.param("sph", {"esystemtotal": NOISE}, "growatt_esystemtotal", None, id="vendor's sentinel"),
        pytest.param("sph", {"errorText": "Unknown"}, "growatt_errorText", None, id="says nothing"),
        pytest.param("sph", {"newThing": "x"}, "growatt_newThing", "x", id="unheard of"),
        pytest.param("sph", {"newBean": {"a": 1}}, "growatt_newBean", None, id="nested"),
        pytest.param("sph", {"socText": "100%"}, "growatt_socText", None, id="said twice"),
        pytest.param("min", {"vacrs": 0.0, "vacRs": 239.5}, "growatt_vacrs", None, id="spelled twice"),
        pytest.param("meter", {"thdi1": 0}, "growatt_thdi1", None, id="not measured"),
    ],
)  # fmt: skip
def test_reading(
    name: str, raw: dict[str, Any], key: str, expected: Value | None
) -> None:
    """Single fields become readings, or nothing."""
    assert changed(name, **raw).get(key) == expected


@pytest.mark.parametrize(
    ("family", "code", "text", "status"),
    [
        ("inverter", 0, "Waiting", Status.WAITING),
        ("inverter", "1", "Normal", Status.RUNNING),
        ("inverter", 3, "Fault", Status.FAULT),
        ("inverter", -1, "inverter.status.lost", None),
        ("max", 0, "Standby", Status.STANDBY),
        ("max", 4, "Flash", Status.UPDATING),
        ("min", 0, "", Status.WAITING),
        ("min", 2, "", Status.FAULT),
        ("min", 3, "", Status.FAULT),
        ("min", 8, "", Status.OFF_GRID),
        ("min", 100, "", Status.RUNNING),
        ("sph", 5, "PV Bat Online", Status.RUNNING),
        ("sph", 1, "Normal", Status.RUNNING),
        ("sph", 1, "Checking", Status.CHECKING),
        ("sph", 1, "", None),
        ("sph", 99, "Bat Offline", Status.OFF_GRID),
        ("spa", 9, "Bypass", Status.STANDBY),
        ("sph-s", 6, "Fault", None),
        ("wit", 1, "Operating", Status.RUNNING),
        ("storage", None, "Discharge", Status.RUNNING),
        ("storage", 3, "", Status.FAULT),
        ("pcs", 5, "PV Bat Online", Status.RUNNING),
        ("noah", 1, None, Status.RUNNING),
        ("noah", 4, None, Status.FAULT),
        ("noah", 5, None, Status.RUNNING),
        ("nexa", "6", None, Status.RUNNING),
        ("nexa", "-1", None, None),
        ("noah", 77, None, None),
    ],
)
def test_status(family: str, code: Any, text: Any, status: Status | None) -> None:
    """What is documented is understood, what is not is unknown."""
    told = values(family, status=code, statusText=text)
    assert told.get("status") == status
    assert told.get("problem") == (None if status is None else status is Status.FAULT)


@pytest.mark.parametrize(
    ("family", "raw", "problem", "codes"),
    [
        ("min", {"faultType": 0}, False, "-"),
        ("min", {"faultType": 302}, True, "302"),
        ("sph", {"faultCode": "411", "status": 5}, True, "411"),
        ("sph", {"faultCode": ""}, None, "-"),
        ("noah", {"faultStatus": 0, "status": 4}, True, "-"),
        ("inverter", {"faultType": -1}, False, "-1"),
        ("inverter", {}, None, None),
    ],
)
def test_problem(
    family: str, raw: dict[str, Any], problem: bool | None, codes: str | None
) -> None:
    """A code of a fault is a problem whatever the status says; none is none."""
    told = values(family, **raw)
    assert told.get("problem") == problem
    assert told.get("fault_codes") == codes


@pytest.mark.parametrize(
    ("family", "raw", "expected"),
    [
        ("sph", {"uwSysWorkMode": 5}, True),
        ("sph", {"uwSysWorkMode": 8}, False),
        ("sph", {"uwSysWorkMode": 0}, None),
        ("sph-s", {"uwSysWorkMode": 6}, None),
        ("noah", {"onOffGrid": "0"}, True),
        ("noah", {"onOffGrid": 1}, False),
        ("min", {"vac1": 0, "fac": 0}, None),
    ],
)
def test_grid_connected(
    family: str, raw: dict[str, Any], expected: bool | None
) -> None:
    """Only a real signal tells whether the grid is there."""
    assert values(family, **raw).get("grid_connected") == expected


@pytest.mark.parametrize("name", ["sph", "min", "noah"])
def test_lost_device_tells_only_what_lasts(name: str) -> None:
    """Nothing that a lost device said is live, but what it counted holds."""
    told = record_of(family_of(name), RECORDS[name], zone=UTC, lost=True).values
    assert told.keys() >= {"pv_energy", "last_data"}
    assert [key for key in told if key.endswith(("power", "status", "problem"))] == []


@pytest.mark.parametrize(
    ("family", "raw", "zone", "expected"),
    [
        pytest.param("sph", {"time": "2024-05-25 14:35:31", "calendar": 1716618931362}, BERLIN, datetime(2024, 5, 25, 12, 35, 31, tzinfo=UTC), id="plant's clock"),
        pytest.param("sph", {"calendar": 1716618931362}, BERLIN, datetime(2024, 5, 25, 6, 35, 31, 362000, tzinfo=UTC), id="milliseconds"),
        pytest.param("meter", {"timeText": "2026-06-06 17:09:35"}, BERLIN, datetime(2026, 6, 6, 15, 9, 35, tzinfo=UTC), id="meter"),
        pytest.param("noah", {"time": 1755241192000, "timeStr": "2025-08-15 14:59:52"}, BERLIN, datetime(2025, 8, 15, 6, 59, 52, tzinfo=UTC), id="server's clock"),
        pytest.param("noah", {"time": 1755241192000}, BERLIN, datetime(2025, 8, 15, 6, 59, 52, tzinfo=UTC), id="NOAH's milliseconds"),
        pytest.param("nexa", {"soc": "50"}, BERLIN, None, id="app"),
        pytest.param("plant", {"last_update_time": "2025-02-24 15:34:56"}, BERLIN, datetime(2025, 2, 24, 14, 34, 56, tzinfo=UTC), id="plant"),
    ],
)  # fmt: skip
def test_time(
    family: str, raw: dict[str, Any], zone: ZoneInfo, expected: datetime | None
) -> None:
    """A record is of the time that its device says."""
    assert record_of(family, raw, zone=zone).time == expected


POSITIVE = ("pv_power", "eps_power", "load_power")
QUANTITIES = {variable.key for variable in VARIABLES}
COMMON = {key for measures in MEASURES.values() for key in measures}


def assert_sound(told: Mapping[str, Value]) -> None:
    """Check that every value can be a reading of its key."""
    assert [key for key, value in told.items() if len(str(value)) > 255] == []
    numbers = {key: value for key, value in told.items() if isinstance(value, float)}
    own = {key: value for key, value in numbers.items() if "growatt_" not in key}
    assert [key for key, value in numbers.items() if not math.isfinite(value)] == []
    assert [
        (key, value)
        for key, value in own.items()
        if value < 0 and ("energy" in key or "_so" in key or key in POSITIVE)
    ] == []
    assert [
        (key, value) for key, value in own.items() if "_so" in key and value > 100
    ] == []


@given(
    family=st.sampled_from(FAMILIES),
    raw=st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text()), JSON),
    lost=st.booleans(),
)
def test_any_record(family: str, raw: dict[str, Any], lost: bool) -> None:
    """Whatever comes, what is told is finite, within its range and of known keys."""
    told = record_of(family, raw, zone=BERLIN, lost=lost).values
    assert_sound(told)
    states = {"status", "problem", "grid_connected", "online", "last_data"}
    own = {key for key in told if not key.startswith("growatt_")}
    assert own <= QUANTITIES | COMMON | states


@given(
    name=st.sampled_from(sorted(RECORDS)),
    numbers=st.dictionaries(st.sampled_from(NAMES), st.floats(-1e9, 1e9), max_size=40),
)
def test_any_numbers(name: str, numbers: dict[str, float]) -> None:
    """A record with wrong numbers tells nothing that cannot be."""
    told = changed(name, **numbers)
    assert_sound(told)
