"""The past of a product as one file, asked for one day at a time."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

import orjson

from ...battery.model import Device
from .client import VoltStorageClient
from .export import Table
from .past import days

CSV: Final = "csv"
JSON: Final = "json"


async def exported(
    client: VoltStorageClient, device: Device, start: datetime, end: datetime, form: str
) -> AsyncIterator[bytes]:
    """Yield a file piece by piece, one for each day."""
    pieces = _as_csv if form == CSV else _as_json
    async for piece in pieces(client, device.id, start, end):
        yield piece


async def _as_csv(
    client: VoltStorageClient, product: str, start: datetime, end: datetime
) -> AsyncIterator[bytes]:
    """Yield rows under one header; where the columns change, a new one follows."""
    header: list[str] = []
    for first, last in days(start, end):
        table = Table(await client.export_csv(product, first, last))
        lines = [",".join(row) for row in table.rows()]
        if lines and table.header != header:
            header = table.header
            lines.insert(0, ",".join(header))
        yield "".join(f"{line}\r\n" for line in lines).encode()


async def _as_json(
    client: VoltStorageClient, product: str, start: datetime, end: datetime
) -> AsyncIterator[bytes]:
    """Yield one list with what every day has, whatever shape that is of."""
    opened = False
    for first, last in days(start, end):
        answer = await client.export_json(product, first, last)
        items = answer if isinstance(answer, list) else [answer]
        text = b",\n".join(map(orjson.dumps, items))
        if not text:
            yield b""
            continue
        yield (b",\n" if opened else b"[\n") + text
        opened = True
    yield b"\n]\n" if opened else b"[]\n"
