"""The list of products, its filters and its pages."""

from typing import Any

import pytest

from simulator import Fault

from .client import Client
from .conftest import Connect

TEXT, NUMBER = str, int
# As the documents' sample has them.
ROW = {
    "id": NUMBER,
    "ownerName": TEXT,
    "serialNumber": TEXT,
    "hardwareVersion": TEXT,
    "manufacturingDate": TEXT,
    "installationDate": TEXT,
    "timezone": TEXT,
    "createdAt": TEXT,
    "updatedAt": TEXT,
    "typeId": NUMBER,
    "groupId": NUMBER,
    "type": {
        "id": NUMBER,
        "name": TEXT,
        "startOfProduction": TEXT,
        "baseType": TEXT,
    },
    "group": {
        "id": NUMBER,
        "ownerId": NUMBER,
        "name": TEXT,
        "latitude": float,
        "longitude": float,
        "owner": {"id": NUMBER, "name": TEXT, "email": TEXT, "demo": bool},
    },
    "errors": list,
    "online": bool,
}


def shape(value: Any) -> Any:
    """Return the types of a JSON value."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    return type(value)


@pytest.fixture
async def several(connect: Connect) -> Client:
    """Return a client of two houses, one of which has two batteries, and of a laboratory."""
    return await connect("SMART+SMART", "SMART", "SMART-LAB")


async def listed(client: Client, **query: Any) -> list[int]:
    """Return the ids that are listed."""
    answer = await client.get("/products", **query)
    assert answer.status == 200
    return [row["id"] for row in answer.data]


async def test_row(several: Client) -> None:
    """A row has the fields and types of the sample; what is not installed has no date, no owner's name and no place."""
    rows = (await several.get("/products")).data
    assert [shape(row) for row in rows[:3]] == [ROW] * 3
    lab = rows[3]
    assert lab.keys() == ROW.keys()
    assert (lab["installationDate"], lab["ownerName"]) == (None, None)
    assert (lab["group"]["latitude"], lab["group"]["longitude"]) == (None, None)
    assert lab["errors"] == ["nonDefaultStrategy"]
    assert rows[0]["createdAt"].endswith("Z")
    assert rows[0]["groupId"] == rows[1]["groupId"] == rows[0]["group"]["id"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [77, 190, 303, 416]),
        ({"count": 2}, [77, 190]),
        ({"count": 2, "page": 2}, [303, 416]),
        ({"count": 3, "page": 2}, [416]),
        ({"count": 2, "page": 3}, []),
        ({"q": "AD0361"}, [190]),
        ({"q": "ad04"}, [303, 416]),
        ({"q": "190"}, [190]),
        ({"q": "voltstorage smart"}, [77, 190, 303, 416]),
        ({"q": "Owner 21"}, [77, 190]),
        ({"q": "House 2"}, [303]),
        ({"q": "nothing"}, []),
        ({"groupId": 64}, [77, 190]),
        ({"groupId": 1}, []),
        ({"ownerId": 22}, [303]),
        ({"installationDate": "true"}, [77, 190, 303]),
        ({"installationDate": "false"}, [416]),
        ({"ids": 303}, [303]),
        ({"ids": [77, 416]}, [77, 416]),
        ({"ids[]": [77, 416]}, [77, 416]),
        ({"sort": "-id"}, [416, 303, 190, 77]),
        ({"sort": "groupId,-id"}, [190, 77, 303, 416]),
        ({"sort": "installationDate,-id"}, [303, 190, 77, 416]),
        ({"sort": "-serialNumber", "count": 1}, [416]),
    ],
)
async def test_filters(
    several: Client, query: dict[str, Any], found: list[int]
) -> None:
    """Every filter leaves what it says, in the order that is asked for."""
    assert await listed(several, **query) == found


@pytest.mark.parametrize(
    "query",
    [
        {"count": 0},
        {"count": "many"},
        {"page": 0},
        {"groupId": "x"},
        {"ownerId": ""},
        {"installationDate": "yes"},
        {"ids": "77,190"},
        {"sort": "colour"},
        {"sort": "group"},
        {"sort": ""},
    ],
)
async def test_wrong_filters(several: Client, query: dict[str, Any]) -> None:
    """A wrong parameter is refused."""
    assert (await several.get("/products", **query)).status == 400


async def test_pages_without_count(several: Client) -> None:
    """Without a count there are pages, too."""
    several.cloud.page_size = 3
    assert await listed(several) == [77, 190, 303]
    assert await listed(several, page=2) == [416]


async def test_state(client: Client) -> None:
    """Errors, what is out of reach, and what the vendor never wrote down are shown."""
    product = client.product
    client.sim.faults.add(
        Fault(vendor="voltstorage", kind="offline", value=product.serial)
    )
    product.raise_faults(("pumpStalled",))
    product.changes = {"errors": None, "hardwareVersion": "6"}
    row = (await client.get("/products")).data[0]
    assert (row["online"], row["errors"], row["hardwareVersion"]) == (False, None, "6")
    product.changes = {}
    client.sim.faults.clear()
    row = (await client.get("/products")).data[0]
    assert (row["online"], row["errors"]) == (True, ["pumpStalled"])
    client.sim.faults.add(
        Fault(vendor="voltstorage", kind="missing_device", value=product.serial)
    )
    assert await listed(client) == []
