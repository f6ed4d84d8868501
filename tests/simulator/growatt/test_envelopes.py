"""Envelopes, prefixes and parameters (notes 1.1 and 1.2)."""

from typing import Any

import pytest

from .client import Client
from .conftest import Connect
from .test_calls import DOCUMENTED

TODAY = "2026-06-15"


@pytest.mark.parametrize("prefix", ["v1", "v4"])
async def test_every_call_answers(client: Client, prefix: str) -> None:
    """Every documented call has an answer in an envelope, under both prefixes where it is of v1."""
    only_v4 = ("new-api/", "noahDeviceApi/")
    rows = [row for row in DOCUMENTED if not row["path"].startswith(only_v4)]
    rows += [row for row in DOCUMENTED if row["path"].startswith(only_v4)][
        : len(DOCUMENTED) * (prefix == "v4")
    ]
    answers = [
        await client.call(row["method"], f"/{prefix}/{row['path']}") for row in rows
    ]
    assert {answer.status for answer in answers} == {200}
    assert None not in {answer.code for answer in answers}


async def test_new_api_is_only_under_v4(client: Client) -> None:
    """The new API has one prefix."""
    answer = await client.call(
        "POST", "/v1/new-api/queryDeviceList", query={"page": "1"}
    )
    assert answer.status == 404


async def test_v1_read(client: Client) -> None:
    """A read has its code, and the serial numbers beside the data."""
    serial = client.device.serial
    answer = await client.post("device/tlx/tlx_last_data", tlx_sn=serial)
    assert answer.root["error_code"] == 0
    assert answer.root["error_msg"] == ""
    assert answer.root["tlx_sn"] == serial
    assert answer.root["dataloggerSn"] == client.device.logger_serial
    assert answer.data["serialNum"] == serial


async def test_v1_several(client: Client) -> None:
    """Several records are found by serial number, twice over."""
    serial = client.device.serial
    answer = await client.post("device/tlx/tlxs_data", tlxs=serial, pageNum="1")
    assert answer.root["tlxs"] == [serial]
    assert answer.root["pageNum"] == 1
    assert answer.data[serial][serial]["serialNum"] == serial


async def test_v1_history(client: Client) -> None:
    """A history has a count, a page of records, and where the next page begins."""
    answer = await client.post(
        "device/tlx/tlx_data",
        tlx_sn=client.device.serial,
        start_date="2026-06-14",
        end_date="2026-06-14",
        perpage="50",
    )
    assert answer.data["count"] == 288
    assert len(answer.data["datas"]) == 50
    assert answer.data["next_page_start_id"] == 51
    assert answer.data["tlx_sn"] == client.device.serial
    times = [record["time"] for record in answer.data["datas"]]
    assert times == sorted(times, reverse=True)


async def test_v4_envelopes(client: Client) -> None:
    """Reads have a list by type, writes have nothing, and the signal has changed places."""
    read = await client.about("queryLastData")
    assert read.root.keys() == {"code", "data", "message"}
    assert list(read.data) == ["min"]
    written = await client.about("setOnOrOff", value="1")
    assert written.root == {
        "code": 0,
        "data": None,
        "message": "PARAMETER_SETTING_SUCCESSFUL",
    }
    signal = await client.about("getWiFiSignalByDevice")
    assert signal.data == "SUCCESSFUL_OPERATION"
    assert int(signal.message) < 0


async def test_v4_takes_form_and_query(client: Client) -> None:
    """Parameters of the new API may be in either place."""
    known = {"deviceSn": client.device.serial, "deviceType": "min"}
    path = "/v4/new-api/queryDeviceInfo"
    for answer in (
        await client.call("POST", path, query=known),
        await client.call("POST", path, form=known),
    ):
        assert answer.data["min"][0]["serialNum"] == client.device.serial


async def test_app_envelope(connect: Connect) -> None:
    """The app's calls have an envelope of their own, and text for every value."""
    client = await connect("NOAH")
    answer = await client.call(
        "POST",
        "/v4/noahDeviceApi/noah/getSystemStatus",
        form={"deviceSn": client.device.serial},
    )
    assert answer.root.keys() == {"result", "msg", "obj"}
    assert answer.code == 1
    texts = {name for name, value in answer.data.items() if isinstance(value, str)}
    assert answer.data.keys() - texts == {"associatedInvSn"}
    missing = await client.call(
        "POST", "/v4/noahDeviceApi/noah/getSystemStatus", form={"deviceSn": "none"}
    )
    assert missing.code != 1
    assert missing.data is None


async def test_an_error_has_an_empty_text(client: Client) -> None:
    """Data of a refusal is a text, and no object."""
    unknown = await client.post("device/tlx/tlx_last_data", tlx_sn="none")
    assert (unknown.code, unknown.data) == (10002, "")
    assert (await client.about("readPower", value="1")).data == ""


async def test_check_has_no_envelope(client: Client) -> None:
    """What a serial number is stands in the open."""
    answer = await client.get("device/check/sn", dataloggerSn=client.device.serial)
    assert answer.root["deviceType"] == 22
    assert answer.root["result"] == 1
    logger = await client.get(
        "device/check/sn", dataloggerSn=client.device.logger_serial
    )
    assert (logger.root["obj"], logger.root["msg"]) == (3, "datalog")


@pytest.mark.parametrize(
    ("path", "code"),
    [("/v1/plant/user_plant_list", 10001), ("/v4/new-api/queryDeviceList", 1)],
)
async def test_json_is_refused(client: Client, path: str, code: int) -> None:
    """A body of JSON is no form."""
    answer = await client.call("POST", path, json={"page": "1", "user_name": "user1"})
    assert answer.code == code


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("GET", "/v1/plant/list", {}),
        ("GET", "/v1/plant/list", {"page": "0"}),
        ("POST", "/v1/vppSetNew", {"vppSn": "x"}),
    ],
)
async def test_unknown_parameters(
    client: Client, method: str, path: str, known: dict[str, str]
) -> None:
    """A parameter that is not documented is refused."""
    kind: Any = {"GET": "query", "POST": "form"}[method]
    answer = await client.call(method, path, **{kind: {**known, "verbose": "1"}})
    assert answer.code == 10001


async def test_other_region(client: Client) -> None:
    """Another region knows no account, and says so to every call."""
    client.base_url = client.sim.growatt.other_region_url
    v1 = await client.get("plant/list")
    assert (v1.code, v1.data) == (-1, "")
    v4 = await client.v4("queryDeviceList", page="1")
    assert (v4.code, v4.data) == (-1, "")
    assert "new domain" in v1.message
