"""Asking devices one by one, so that one that fails takes only itself down."""

from collections.abc import Awaitable, Callable, Sequence

from ...battery.model import Device, Record
from ...transport.errors import ApiError, AuthenticationError, LimitError
from ..vendor import FeedResult


async def ask_apart(
    devices: Sequence[Device], ask: Callable[[Device], Awaitable[Record]]
) -> FeedResult:
    """Return the record of each device, or what went wrong with it.

    Raises:
        ApiError: Without credentials or calls there is no sense in asking on.
    """
    records: dict[str, Record] = {}
    failed: dict[str, ApiError] = {}
    for device in devices:
        try:
            records[device.key] = await ask(device)
        except AuthenticationError, LimitError:
            raise
        except ApiError as err:
            failed[device.key] = err
    return FeedResult(records=records, failed=failed)
