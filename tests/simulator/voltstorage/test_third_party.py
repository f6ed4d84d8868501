"""A program that follows the documents' examples, and nothing else, works with the simulated cloud."""

from datetime import datetime

from simulator.voltstorage import Product

from .client import Client


async def test_examples(client: Client) -> None:
    """It logs in, lists products, exports, and reads the latest data, as the samples show."""
    login = await client.log_in(email=client.cloud.email.upper())
    assert login.data.keys() == {"token"}
    assert login.data["token"].count(".") == 2
    listed = await client.call(
        "GET", "/products", params={"token": client.token}, headers={}
    )
    (row,) = listed.data
    assert row["type"]["baseType"] == "storage"
    now = client.sim.clock.house_now().timestamp()
    export = await client.get(
        "/data/export.csv",
        token=client.token,
        productId=row["id"],
        **{"from": now - 3600, "to": now},
    )
    assert export.status == 200
    first, header, *rows, last = export.text.split("\r\n")
    assert (first, last) == ("sep=,", "")
    names = header.split(",")
    known: dict[str, str] = {}
    for line in rows:
        cells = dict(zip(names, line.split(","), strict=True))
        known |= {name: cell for name, cell in cells.items() if cell}
        assert datetime.fromisoformat(known["Time"]).utcoffset() is not None
    household, grid, pv, inverter = (
        float(known[name])
        for name in ("Power_Household", "Power_Grid", "Power_PV", "inverterPower")
    )
    assert abs(household - grid - pv - inverter) < 5
    latest = await client.get(f"/products/{row['id']}/data", includeTime="true")
    assert latest.data.keys() == {"time", "data"}
    assert latest.data["data"]["pvPower"] == pv


async def test_stream(client: Client) -> None:
    """It is told by the stream what the battery measures."""
    socket = await client.listen()
    before = len(client.product.records)
    client.pass_time(minutes=3)
    product: Product = client.product
    for record in product.records[before:]:
        message = await socket.receive_json(timeout=5)
        assert message["type"] == "latest-data"
        assert message["time"] == int(record.at.timestamp())
        assert message["data"]["gridPower"] == record.changed["Power_Grid"]
    await socket.close()
