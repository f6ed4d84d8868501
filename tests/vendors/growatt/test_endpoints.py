"""The table of calls: nothing of the documents is missing, and each has its class."""

from collections import Counter
import re
from typing import Any

import pytest

from custom_components.home_battery.transport.errors import (
    ForbiddenError,
    RejectedError,
    WatchOnlyError,
)
from custom_components.home_battery.transport.limiter import Limit
from custom_components.home_battery.vendors.endpoint import Access
from custom_components.home_battery.vendors.growatt.client import GrowattClient
from custom_components.home_battery.vendors.growatt.endpoints import ENDPOINTS
from custom_components.home_battery.vendors.growatt.envelope import Envelope
from custom_components.home_battery.vendors.growatt.errors import Meaning

from .cloud import Cloud
from .conftest import MakeClient
from .documents import CALLS, STRICTER

SPACING = Limit("every call", 1, 3.0)
REFUSED = {
    "user_list",
    "user_register",
    "user_modify",
    "user_check",
    "plant_add",
    "plant_modify",
    "plant_delete",
    "device_add",
    "datalogger_validate",
    "datalogger_add",
    "datalogger_remove",
    "inverter_assign_v4",
}
APP_VARIANTS = ("noah", "nexa")


def documented() -> dict[tuple[str, str], tuple[str, str, tuple[str, ...]]]:
    """Return limits and parameters by method and path, as the documents list them."""
    rows = (line.split() for line in CALLS.strip().splitlines())
    return {
        (method, _spelled(path, word)): (seconds, per_day, _parameters(names))
        for method, path, seconds, per_day, names in rows
        for word in APP_VARIANTS
    }


def _spelled(path: str, word: str) -> str:
    """Return a path for one of the two devices that the app knows."""
    return path.replace("{noah_or_nexa}", word).replace(
        "{noah_or_nexa.capitalize()}", word.capitalize()
    )


def _parameters(names: str) -> tuple[str, ...]:
    """Return the names of parameters, also those that are only counted."""
    counted = re.sub(
        r"param1\.\.param(\d+)",
        lambda found: ",".join(f"param{n}" for n in range(1, int(found[1]) + 1)),
        names,
    )
    return tuple(counted.split(","))


def bare(path: str) -> str:
    """Return a path without the version that every call of one kind has."""
    return re.sub(r"^/v[14]/", "", path)


def test_no_call_is_missing() -> None:
    """Every documented call is in the table once, and no other is."""
    table = Counter((call.method, bare(call.path)) for call in ENDPOINTS.values())
    assert len(CALLS.strip().splitlines()) == 118
    assert table.keys() == documented().keys()
    assert set(table.values()) == {1}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_call_is_as_documented(name: str) -> None:
    """Parameters and limits are those of the documents, or stricter where they differ."""
    call = ENDPOINTS[name]
    seconds, per_day, parameters = documented()[call.method, bare(call.path)]
    assert set(call.parameters) == set(parameters)
    wanted = float(seconds.replace("-", "0"))
    assert call.seconds >= max(wanted, STRICTER.get(bare(call.path), 0))
    assert call.seconds in {wanted, STRICTER.get(bare(call.path)), 5.0}
    assert per_day == ("-" if call.per_day is None else f"{call.per_day}/day")


def test_names_are_words() -> None:
    """A name is typed by people, and ends in the version where it is not the first."""
    for name, call in ENDPOINTS.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*(_v4)?", name)
        assert name.endswith("_v4") is call.path.startswith("/v4/new-api/")
        assert ("_app_" in name) is call.path.startswith("/v4/noahDeviceApi/")


def test_classes() -> None:
    """What is refused is listed; of the others, what sets or removes is a write."""
    classes = {
        access: {name for name, call in ENDPOINTS.items() if call.access is access}
        for access in Access
    }
    setters = {name for name in ENDPOINTS if re.search(r"_(set|remove)(_|$)", name)}
    assert classes[Access.REFUSED] == REFUSED
    assert classes[Access.WRITE] == setters - REFUSED


def test_envelopes() -> None:
    """Where an answer is unlike the others of its version, the table knows."""
    unlike = {
        name: call.envelope
        for name, call in ENDPOINTS.items()
        if call.envelope not in {Envelope.V1, Envelope.V4, Envelope.APP}
    }
    many = dict.fromkeys(
        (f"{family}_last_data_many" for family in ("inverter", "max", "sph", "spa")),
        Envelope.V1_MANY,
    )
    assert unlike == {
        **many,
        "min_last_data_many": Envelope.V1_MANY,
        "boost_last_data_many": Envelope.V1_MANY,
        "vpp_soc": Envelope.V1_ROOT,
        "device_check": Envelope.CHECK,
        "wifi_v4": Envelope.V4_SWAPPED,
    }


def test_meanings() -> None:
    """Codes are read by what was asked; two lists alone judge the token."""
    meanings = {name: call.meaning for name, call in ENDPOINTS.items()}
    assert [name for name in meanings if meanings[name] is Meaning.PLANTS] == [
        "plant_list"
    ]
    assert [name for name in meanings if meanings[name] is Meaning.V4_DEVICES] == [
        "device_list_v4"
    ]
    for name, call in ENDPOINTS.items():
        first_version = call.path.startswith("/v1/")
        assert (call.meaning is Meaning.PARAMETER) is (
            first_version and name.endswith("_parameter")
        )
        assert (call.meaning is Meaning.SETTING) is (first_version and call.write) or (
            name in REFUSED
        )


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        pytest.param("max_details", {"device_sn": "A"}, [], id="nothing documented"),
        pytest.param("min_details", {"device_sn": "A"}, [(1, 300.0)], id="window"),
        pytest.param("plant_list", {}, [(1, 300.0), (10, 86400.0)], id="day"),
        pytest.param("last_data_v4", {"deviceType": "min"}, [(1, 300.0)], id="min"),
        pytest.param("last_data_v4", {"deviceType": "noah"}, [(1, 60.0)], id="noah"),
        pytest.param("power_set_v4", {"value": 1}, [(1, 5.0)], id="write"),
    ],
)
def test_limits(
    name: str, parameters: dict[str, Any], expected: list[tuple[int, float]]
) -> None:
    """A call is counted among all, among its like, and by the day."""
    call = ENDPOINTS[name]
    first, *others = call.limits(call.request(parameters))
    assert first == SPACING
    assert [(limit.calls, limit.seconds) for limit in others] == expected


def test_identical_requests_share_a_window() -> None:
    """What is asked counts, not in which order; neither does the version."""
    call = ENDPOINTS["min_history"]
    days = {"start_date": "2026-06-01", "end_date": "2026-06-02"}
    one = call.request({"tlx_sn": "A", **days})
    assert call.question(one) == call.question(dict(reversed(one.items())))
    assert call.question(one) != call.question({**one, "tlx_sn": "B"})
    assert call.question(one) != ENDPOINTS["sph_history"].question(one)
    assert "A" not in call.question(one)


def test_what_is_sent() -> None:
    """All is text, flags are numbers, and a setting is sent with all its values."""
    call = ENDPOINTS["storage_set"]
    assert call.request({"storage_sn": "A", "type": "x", "param1": True}) == {
        "storage_sn": "A",
        "type": "x",
        "param1": "1",
        "param2": "",
        "param3": "",
        "param4": "",
    }
    assert ENDPOINTS["min_parameter"].request({"paramId": "ac_charge"}) == {
        "paramId": "ac_charge",
        "startAddr": "0",
        "endAddr": "0",
    }
    periods = [{"percentage": 95, "startTime": 0, "endTime": 300}]
    assert ENDPOINTS["vpp_set_periods"].request({"timePeriods": periods}) == {
        "timePeriods": '[{"percentage":95,"startTime":0,"endTime":300}]'
    }


async def test_unknown_parameter_does_not_leave(
    client: GrowattClient, cloud: Cloud
) -> None:
    """A parameter that the vendor does not document is a mistake."""
    with pytest.raises(RejectedError, match="tlx_sn"):
        await client.call("sph_last_data", {"tlx_sn": "A"})
    assert cloud.calls == []


@pytest.mark.parametrize("name", sorted(REFUSED))
async def test_refused_calls_do_not_leave(
    client: GrowattClient, cloud: Cloud, name: str
) -> None:
    """The client itself makes no call that is refused."""
    with pytest.raises(ForbiddenError):
        await client.call(name, {})
    assert cloud.calls == []


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("min_set", {"type": "pv_grid_voltage_high", "param1": "264"}),
        ("min_set", {"type": "TLX_AC_DISCHARGE_FREQUENCY", "param1": "1"}),
        ("min_set", {"type": "pv_reactive_p_rate", "param1": "1"}),
        ("sph_set", {"type": "mix_ac_discharge_voltage", "param1": "1"}),
        ("sph_set", {"type": "pv_pf_cmd_memory_state", "param1": "1"}),
        ("max_set", {"type": "pv_power_factor", "param1": "1"}),
        ("inverter_set", {"paramId": "set_any_reg", "command_1": "19"}),
        ("inverter_set", {"paramId": ["set_any_reg"], "command_1": "19"}),
        ("min_parameter", {"paramId": "set_any_reg", "startAddr": 0, "endAddr": 9}),
        ("vpp_parameter_set_v4", {"setType": "set_param_8", "value": "1"}),
        ("vpp_parameter_set_v4", {"setType": " SET_PARAM_012 ", "value": "1"}),
        ("vpp_parameter_set_new_v4", {"setType": "set_param_10", "value": "1"}),
    ],
    ids=str,
)
async def test_what_is_the_grids_does_not_leave(
    client: GrowattClient, cloud: Cloud, name: str, parameters: dict[str, Any]
) -> None:
    """Registers, and what concerns the grid's operator, are not set however it is put."""
    with pytest.raises(ForbiddenError):
        await client.call(name, parameters)
    assert cloud.calls == []


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("min_set", {"type": "time_segment1"}),
        ("min_set", {"type": "pf_sys_year"}),
        ("min_set", {"type": "pv_active_p_rate"}),
        ("min_parameter", {"paramId": "pv_grid_voltage_high"}),
        ("vpp_parameter_v4", {"setType": "set_param_8"}),
        *(
            ("vpp_parameter_set_v4", {"setType": f"set_param_{number}"})
            for number in (1, 7, 13, 18, 22, 27, 28, 34)
        ),
    ],
)
def test_what_is_the_persons_is_not_refused(
    name: str, parameters: dict[str, Any]
) -> None:
    """What only sounds alike may be set, and all may be read."""
    assert ENDPOINTS[name].access_with(parameters) is not Access.REFUSED


async def test_only_watching_stops_every_write(
    make_client: MakeClient, cloud: Cloud
) -> None:
    """No write of the table leaves where only watching was chosen."""
    client = make_client(watch_only=True)
    writes = [name for name, call in ENDPOINTS.items() if call.access is Access.WRITE]
    for name in writes:
        with pytest.raises(WatchOnlyError):
            await client.call(name, {})
    assert len(writes) == 18
    assert cloud.calls == []


def test_writes_name_their_device() -> None:
    """Of every write is known which device it is about."""
    writes = [call for call in ENDPOINTS.values() if call.access is Access.WRITE]
    for call in writes:
        assert call.devices_in({call.parameters[0]: "SN1"}) == {"SN1"}, call.path


def test_devices_of_a_call() -> None:
    """Many serial numbers in one text are many devices."""
    parameters = {"deviceSn": "SN1, SN2", "deviceType": "min"}
    assert ENDPOINTS["last_data_v4"].devices_in(parameters) == {"SN1", "SN2"}
    assert ENDPOINTS["plant_data"].devices_in({"plant_id": 1}) == set()


def test_secrets_are_not_shown() -> None:
    """People around a plant are hidden, wherever they stand."""
    plant = {"plantName": "Home", "userAccount": "name", "ownercontact": "A"}
    assert ENDPOINTS["datalogger_list"].shown({"peak_power_actual": plant}) == {
        "peak_power_actual": {
            "plantName": "Home",
            "userAccount": "**REDACTED**",
            "ownercontact": "**REDACTED**",
        }
    }
