"""The mode scheduler: what its versions show, take and refuse."""

from typing import Any

import pytest

from .client import Client, group
from .conftest import Connect

CHARGE, DISCHARGE = "ForceCharge", "ForceDischarge"


@pytest.mark.parametrize(("version", "flags"), [(0, (1, 0)), (1, (True, False))])
async def test_flag(client: Client, version: int, flags: tuple[object, object]) -> None:
    """The switch is read as numbers in v0 and as booleans in v1."""
    path = f"/op/v{version}/device/scheduler/get/flag"
    result = (await client.post(path, {"deviceSN": client.serial})).result
    assert (result["support"], result["enable"]) == flags
    assert type(result["enable"]) is type(flags[1])


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("enable", [True, False, 2, -1, "1", None])
async def test_flag_refused(client: Client, version: int, enable: object) -> None:
    """The switch takes the numbers 0 and 1, and no boolean."""
    path = f"/op/v{version}/device/scheduler/set/flag"
    assert (
        await client.post(path, {"deviceSN": client.serial, "enable": enable})
    ).errno == 40257


async def test_switch_and_groups_are_apart(client: Client) -> None:
    """Writing groups does not touch the switch, and clearing them neither."""
    await client.schedule(3, [group(3, "1:00", "1:59")])
    assert (await client.held(3))["enable"] == 0
    assert (await client.set_flag(1)).result == {"deviceSN": client.serial, "enable": 1}
    await client.schedule(3, [])
    assert (await client.held(3))["enable"] == 1


@pytest.mark.parametrize("version", [0, 1, 2, 3])
async def test_round_trip(client: Client, version: int) -> None:
    """What was written is read again, in every version."""
    groups = [
        group(version, "1:00", "4:59", CHARGE, fdSoc=90, fdPwr=4000),
        group(version, "22:00", "23:59", DISCHARGE, fdSoc=30, minSocOnGrid=20),
    ]
    answer = await client.schedule(version, groups)
    assert answer.errno == 0
    assert answer.result == {"deviceSN": client.serial, "groups": groups}
    shown = (await client.held(version))["groups"]
    for written, read in zip(groups, shown, strict=False):
        expected = {
            key: value
            for key, value in written.items()
            if key not in {"extraParam", "enable"}
        }
        assert expected.items() <= read.items()
        assert (
            written.get("extraParam", {}).items() <= read.get("extraParam", {}).items()
        )


async def test_unused_slots(client: Client) -> None:
    """The old versions pad to eight slots; v3 shows the rest of the day instead."""
    old = (await client.held(1))["groups"]
    assert len(old) == 8
    assert {(slot["workMode"], slot["enable"]) for slot in old} == {("Invalid", 0)}
    assert "maxSoc" in old[0]
    assert "maxSoc" not in (await client.held(0))["groups"][0]
    second = (await client.held(2))["groups"]
    assert {(slot["workMode"], slot["enable"]) for slot in second} == {("SelfUse", 0)}
    third = await client.held(3)
    assert third["maxGroupCount"] == 24
    assert third["groups"] == [
        {
            "startHour": 0,
            "startMinute": 0,
            "endHour": 23,
            "endMinute": 59,
            "workMode": "SelfUse",
            "isRemainMode": True,
            "extraParam": {
                "minSocOnGrid": 10,
                "fdSoc": 10,
                "fdPwr": 10500,
                "maxSoc": 100,
            },
        }
    ]
    assert "maxGroupCount" not in await client.held(2)


async def test_remain_group_overlaps_when_sent_back(client: Client) -> None:
    """A client that writes back all that it read meets an overlap."""
    await client.schedule(3, [group(3, "1:00", "1:59")])
    groups = (await client.held(3))["groups"]
    assert [entry["isRemainMode"] for entry in groups] == [False, True]
    assert (await client.schedule(3, groups)).errno == 42023
    assert (await client.schedule(3, groups[:1])).errno == 0


async def test_properties(connect: Connect) -> None:
    """Properties have lower-case names, and say what the device takes."""
    client = await connect("EVO")
    properties = (await client.held(2))["properties"]
    assert properties["fdpwr"]["range"] == {"min": 0.0, "max": 12000.0}
    assert properties["fdsoc"]["range"]["min"] == 5.0
    assert "ForceCharge(BAT)" in properties["workmode"]["enumList"]
    assert properties["reactivepower"]["unit"] == "Var"
    assert all(name == name.lower() for name in properties)
    assert "range" not in (await client.held(3))["properties"]["reactivepowerenable"]
    assert "maxsoc" not in (await client.held(0))["properties"]


@pytest.mark.parametrize("version", [0, 1, 2, 3])
@pytest.mark.parametrize(
    ("changes", "errno"),
    [
        ({"workMode": "Party"}, 40257),
        ({"workMode": "PeakShaving"}, 40257),
        ({"startHour": 24}, 40257),
        ({"startMinute": 60}, 40257),
        ({"startHour": "1"}, 40257),
        ({"startHour": True}, 40257),
        ({"endHour": 1, "endMinute": 0}, 40257),
        ({"endHour": 0, "endMinute": 30}, 40257),
        ({"id": 7}, 40257),
        ({"fdPwr": 10501}, 40257),
        ({"fdPwr": -1}, 40257),
        ({"fdPwr": "3000"}, 40257),
        ({"fdSoc": 9}, 40257),
        ({"fdSoc": 101}, 40257),
        ({"fdSoc": 40, "minSocOnGrid": 50}, 40257),
        ({"minSocOnGrid": 5}, 40257),
        ({"minSocOnGrid": 10.5}, 40257),
    ],
)
async def test_group_refused(
    client: Client, version: int, changes: dict[str, Any], errno: int
) -> None:
    """A group that the device could not follow is refused, and nothing is held."""
    params = {
        key: value
        for key, value in changes.items()
        if key in {"fdPwr", "fdSoc", "minSocOnGrid"}
    }
    other = {key: value for key, value in changes.items() if key not in params}
    bad = group(version, "1:00", "4:59", CHARGE, **params) | other
    assert (await client.schedule(version, [bad])).errno == errno
    assert client.sim.foxess.inverters[0].scheduler.groups == []


@pytest.mark.parametrize("version", [0, 1, 2, 3])
@pytest.mark.parametrize(
    ("first", "second", "errno"),
    [
        (("1:00", "4:59"), ("5:00", "6:00"), 0),
        (("1:00", "5:00"), ("5:00", "6:00"), 42023),
        (("1:00", "4:59"), ("0:00", "23:59"), 42023),
        (("3:00", "4:59"), ("2:00", "3:30"), 42023),
    ],
)
async def test_overlap(
    client: Client,
    version: int,
    first: tuple[str, str],
    second: tuple[str, str],
    errno: int,
) -> None:
    """The end minute belongs to a group, so the next one begins a minute later."""
    groups = [group(version, *first), group(version, *second)]
    assert (await client.schedule(version, groups)).errno == errno


@pytest.mark.parametrize(("version", "most"), [(0, 8), (1, 9), (2, 8), (3, 24)])
async def test_most_groups(client: Client, version: int, most: int) -> None:
    """Each version takes a number of groups and not one more."""
    groups = [
        group(
            version,
            f"{number // 2}:{number % 2 * 30}",
            f"{number // 2}:{number % 2 * 30 + 29}",
        )
        for number in range(most + 1)
    ]
    assert (await client.schedule(version, groups)).errno == 40257
    assert (await client.schedule(version, groups[:most])).errno == 0
    assert len(client.sim.foxess.inverters[0].scheduler.groups) == most


@pytest.mark.parametrize(("version", "errno"), [(0, 40257), (1, 0), (2, 0), (3, 0)])
async def test_no_power_at_all(client: Client, version: int, errno: int) -> None:
    """A forced power of 0 W is refused by v0 only."""
    assert (
        await client.schedule(
            version, [group(version, "1:00", "4:59", CHARGE, fdPwr=0)]
        )
    ).errno == errno


@pytest.mark.parametrize("version", [0, 1, 2])
async def test_disabled_groups(client: Client, version: int) -> None:
    """A disabled group overlaps nothing and is held; an unused slot is not."""
    unused = group(
        version,
        "0:00",
        "0:00",
        "SelfUse" if version == 2 else "Invalid",
        enable=0,
        fdPwr=0,
    )
    groups = [
        group(version, "1:00", "4:59"),
        group(version, "2:00", "3:00", CHARGE, enable=0),
        unused,
    ]
    assert (await client.schedule(version, groups)).errno == 0
    held = client.sim.foxess.inverters[0].scheduler.groups
    assert [entry.enabled for entry in held[:2]] == [True, False]
    assert len(held) == (3 if version == 2 else 2)
    assert (await client.schedule(version, [{**unused, "enable": 1}])).errno == 40257


async def test_extra_fields_by_version(client: Client) -> None:
    """v0 knows no maximum SOC, v1 does, and v3 no switch per group."""
    assert (
        await client.schedule(0, [group(0, "1:00", "1:59", maxSoc=90)])
    ).errno == 40257
    assert (await client.schedule(1, [group(1, "1:00", "1:59", maxSoc=90)])).errno == 0
    assert (
        await client.schedule(3, [{**group(3, "1:00", "1:59"), "enable": 1}])
    ).errno == 40257
    assert (
        await client.schedule(3, [{**group(3, "1:00", "1:59"), "isRemainMode": False}])
    ).errno == 0
    assert (await client.schedule(1, [], isDefault=False)).errno == 40257
    assert (await client.schedule(2, [], isDefault=1)).errno == 40257


async def test_params_that_the_device_lacks(client: Client) -> None:
    """v3 refuses a parameter that the device's properties do not name; v2 ignores it."""
    assert (
        await client.schedule(3, [group(3, "1:00", "1:59", exportLimit=1000)])
    ).errno == 40257
    assert (
        await client.schedule(2, [group(2, "1:00", "1:59", exportLimit=1000)])
    ).errno == 0
    assert "exportLimit" not in (await client.held(2))["groups"][0]["extraParam"]
    assert (
        await client.schedule(2, [group(2, "1:00", "1:59", colour=1)])
    ).errno == 40257


@pytest.mark.parametrize("version", [2, 3])
async def test_what_is_left_out_keeps_its_value(connect: Connect, version: int) -> None:
    """Parameters that a write leaves out keep their value, unless it asks for the defaults."""
    client = await connect("EVO")
    full = group(
        version, "1:00", "4:59", CHARGE, fdPwr=2000, exportLimit=800, maxSoc=70
    )
    await client.schedule(version, [full])
    short = {**full, "extraParam": {"fdSoc": 60}}
    await client.schedule(version, [short])
    shown = (await client.held(version))["groups"][0]["extraParam"]
    assert (shown["fdSoc"], shown["fdPwr"], shown["exportLimit"], shown["maxSoc"]) == (
        60,
        2000,
        800,
        70,
    )
    await client.schedule(version, [short], isDefault=True)
    shown = (await client.held(version))["groups"][0]["extraParam"]
    assert (shown["fdSoc"], shown["fdPwr"], shown["exportLimit"], shown["maxSoc"]) == (
        60,
        12000,
        12000,
        100,
    )
    assert isinstance(shown["fdPwr"], float)


@pytest.mark.parametrize("version", [2, 3])
async def test_group_without_params(client: Client, version: int) -> None:
    """A group may leave out all its parameters, unless its mode then makes no sense."""
    bare = group(version, "1:00", "1:59")
    del bare["extraParam"]
    assert (await client.schedule(version, [bare])).errno == 0
    shown = (await client.held(version))["groups"][0]["extraParam"]
    assert shown == {"minSocOnGrid": 10, "fdSoc": 10, "fdPwr": 10500, "maxSoc": 100}
    floor = {**bare, "extraParam": {"minSocOnGrid": 50}}
    assert (await client.schedule(version, [floor])).errno == 0
    forced = {**floor, "workMode": CHARGE}
    assert (await client.schedule(version, [forced])).errno == 40257


async def test_every_write_replaces_everything(client: Client) -> None:
    """A write keeps nothing of what was there, and an empty one clears."""
    await client.schedule(3, [group(3, "1:00", "1:59"), group(3, "3:00", "3:59")])
    await client.schedule(3, [group(3, "5:00", "5:59")])
    assert [
        entry.start for entry in client.sim.foxess.inverters[0].scheduler.groups
    ] == [300]
    await client.schedule(3, [])
    assert client.sim.foxess.inverters[0].scheduler.groups == []


@pytest.mark.parametrize("version", [0, 1, 2])
async def test_past_groups_look_disabled(client: Client, version: int) -> None:
    """A group whose window has passed shows as disabled until the next day."""
    groups = [group(version, "1:00", "12:00"), group(version, "12:01", "12:30")]
    await client.schedule(version, groups)
    client.sim.clock.advance(120)
    shown = (await client.held(version))["groups"]
    assert [entry["enable"] for entry in shown[:2]] == [0, 1]
    client.sim.clock.advance(13 * 3600)
    shown = (await client.held(version))["groups"]
    assert [entry["enable"] for entry in shown[:2]] == [1, 1]
    assert len((await client.held(3))["groups"]) == 3


@pytest.mark.parametrize(
    ("model", "answers"),
    [
        ("KH8", (0, 0, 0, 0)),
        ("KH10-V2", (0, 0, 0, 404)),
        ("H3-V1", (0, 0, 42015, 42015)),
        ("H1-V0", (0, 44096, 44096, 40257)),
        ("EVO", (0, 41200, 0, 0)),
        ("PV", (42015,) * 4),
        ("MICRO", (42015,) * 4),
    ],
)
async def test_versions_of_a_model(
    connect: Connect, model: str, answers: tuple[int, ...]
) -> None:
    """Every model has its versions and refuses the others in its own way, to read and to write."""
    client = await connect(model)
    for version, expected in enumerate(answers):
        read = await client.post(
            f"/op/v{version}/device/scheduler/get", {"deviceSN": client.serial}
        )
        written = await client.schedule(version, [])
        for answer in (read, written):
            assert (answer.status if expected == 404 else answer.errno) == expected


async def test_switch_of_old_and_batteryless_models(connect: Connect) -> None:
    """An old model knows the old switch only, and one without a battery supports none."""
    old = await connect("H1-V0")
    assert (await old.set_flag(1)).errno == 44096
    body = {"deviceSN": old.serial, "enable": 1}
    assert (await old.post("/op/v0/device/scheduler/set/flag", body)).errno == 0
    pv = await connect("PV")
    answer = await pv.post("/op/v1/device/scheduler/get/flag", {"deviceSN": pv.serial})
    assert answer.result == {"support": False, "enable": False}
    assert (await pv.set_flag(1)).errno == 42015
