"""The readings of an account's products and homes, from the stream, the latest data and the export."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any, Final

from aiohttp import ClientWebSocketResponse

from ...battery.model import Device, Record, Role
from ...transport.clock import Clock
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    RejectedError,
    TransientError,
)
from ..vendor import FeedResult, Push, one_by_one
from .client import VoltStorageClient
from .endpoints import LATEST, STREAM
from .export import is_whole, samples_in
from .intake import Intake
from .learned import Learned
from .ledger import HOUSE_ENERGIES, LONGEST_GAP, PRODUCT_ENERGIES, Ledger
from .models import Sample
from .readings import HOUSE_KEYS, Moment
from .stream import Stream
from .watch import NOT_CHARGING, ChargeWatch

_BEGIN: Final = timedelta(minutes=15)
_LONGEST_OUTAGE: Final = timedelta(days=7)
# So much is asked for at once when there is much to fill in.
_CHUNK: Final = timedelta(hours=3)
# What a product sends late still counts if it is not later than this.
_LATE: Final = timedelta(hours=1)
# While the stream tells everything, the export is for what counts.
_BESIDE_STREAM: Final = timedelta(minutes=5)
_MARGIN: Final = timedelta(seconds=10)
# An export that begins so short a time ago may be refused as one of the future.
_SKEW: Final = timedelta(minutes=5)
_THROTTLE: Final = timedelta(seconds=10)
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(minutes=15)
_ROWS: Final = 500


class ProductReader:
    """What is known of one product, and where it comes from."""

    def __init__(
        self,
        device: Device,
        *,
        client: VoltStorageClient,
        learned: Learned,
        clock: Clock,
        memory: dict[str, Any],
        tell: Callable[[Moment], None],
    ) -> None:
        """Go on where it was left; nothing is sent yet.

        Args:
            device: The product.
            client: The vendor's API.
            learned: Which of its calls are there.
            clock: The time.
            memory: What is stored of it; it is changed in place.
            tell: Takes each moment that counts.
        """
        self.device = device
        self.ledger = Ledger(memory, PRODUCT_ENERGIES)
        self._intake = Intake(memory)
        self._watch = ChargeWatch()
        self._client = client
        self._learned = learned
        self._clock = clock
        self._tell = tell
        self._asked_until: datetime | None = None
        self._asked_at: datetime | None = None
        self.stream: Stream | None = None
        self.pushed_at: datetime | None = None

    async def connect(self) -> ClientWebSocketResponse | None:
        """Open the stream, `None` where there is none."""
        self._intake.begin_stream(self._clock.now())
        return await self._learned.optional(
            STREAM, partial(self._client.stream, self.device.id), proves=False
        )

    def hear(self, sample: Sample, *, streamed: bool) -> Moment | None:
        """Take what came live; return it with all that was told before."""
        moment = self._intake.live(sample, self._clock.now(), streamed=streamed)
        if moment is not None:
            self.ledger.show(moment.time, moment.values)
        return moment

    async def read(self) -> None:
        """Ask for what is new.

        Raises:
            ApiError: Nothing came, and what came before is not recent.
        """
        now = self._clock.now()
        streamed = self.stream is not None and self.stream.lively
        covered = streamed and self._intake.is_whole
        failure: ApiError | None = None
        if not covered:
            await self._read_latest()
        is_due = self._asked_at is None or now >= self._asked_at + _BESIDE_STREAM
        if is_due or not covered:
            try:
                await self._read_export(now)
            except AuthenticationError, LimitError:
                raise
            except ApiError as err:
                failure = err
            # A moment early is soon enough: who asks comes once a minute.
            self._asked_at = now - _MARGIN
            answered = failure is None
            for moment in self._intake.due(now, self.ledger.until, answered=answered):
                self._count(moment)
        self.ledger.store()
        newest = self.ledger.time
        if failure is not None and (newest is None or now - newest > LONGEST_GAP):
            raise failure

    async def _read_latest(self) -> None:
        """Ask for the latest data, where there is such a call; it may fail."""
        ask = partial(self._client.latest, self.device.id)
        try:
            sample = await self._learned.optional(LATEST, ask)
        except AuthenticationError, LimitError:
            raise
        except ApiError:
            return
        if sample is not None:
            self.hear(sample, streamed=False)

    async def _read_export(self, now: datetime) -> None:
        """Ask for all rows since the last one that counted."""
        start = self.ledger.until or now - _BEGIN
        start = max(start, now - _LONGEST_OUTAGE)
        if self._asked_until is not None:
            start = max(start, self._asked_until - _LATE)
        while True:
            end = start + _CHUNK
            is_last = end >= now
            before = self.ledger.until
            try:
                text = await self._client.export_csv(
                    self.device.id, start, None if is_last else end
                )
            except RejectedError:
                if now - start > _SKEW:
                    raise
                return
            for rows in batched(
                self._intake.rows(samples_in(text), now), _ROWS, strict=False
            ):
                for moment in rows:
                    self._count(moment)
                await asyncio.sleep(0)
            until = self.ledger.until
            if until is not None and until != before and not is_whole(text):
                # What was cut off is asked for again.
                end = until
            self._asked_until = min(end, now)
            if is_last:
                return
            start = end

    def _count(self, moment: Moment) -> None:
        """Count a moment, unless it was counted."""
        if not self.ledger.count(moment.time, moment.values):
            return
        self._tell(moment)
        failing = self._watch.see(moment.time, moment.values)
        if failing is not None:
            self.ledger.show(moment.time, {NOT_CHARGING: failing})


class Reader:
    """Reads the products of an account, and what they tell of their homes."""

    def __init__(
        self,
        client: VoltStorageClient,
        learned: Learned,
        clock: Clock,
        memory: dict[str, dict[str, Any]],
    ) -> None:
        """Keep the means; nothing is sent yet.

        Args:
            client: The vendor's API.
            learned: Which of its calls are there.
            clock: The time.
            memory: What is stored of each device; it is changed in place.
        """
        self._client = client
        self._learned = learned
        self._clock = clock
        self._memory = memory
        self._products: dict[str, ProductReader] = {}
        self._houses: dict[str, Ledger] = {}
        # When each product of a home last told of it.
        self._tellers: dict[str, dict[str, datetime]] = {}
        self._push: Push | None = None
        self._failures = 0
        self._failure: TransientError | None = None
        self._next_try = clock.now()

    def listen(self, push: Push) -> Callable[[], Coroutine[Any, Any, None]]:
        """Hand on what comes unasked, until what is returned is called."""
        self._push = push
        return self.close

    async def close(self) -> None:
        """Listen no more."""
        self._push = None
        for product in self._products.values():
            if product.stream is not None:
                await product.stream.close()

    async def fetch(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what is new of each product, and of the homes they are in.

        Where nothing answers, it is asked more and more rarely.

        Raises:
            ApiError: Nothing answered.
        """
        now = self._clock.now()
        products = sorted(
            (device for device in devices if device.role is not Role.HOUSE),
            key=lambda device: _order(device.id),
        )
        for device in products:
            self._tend(device)
        if self._failure is not None and now < self._next_try:
            raise self._failure
        result = await one_by_one(products, self._read)
        failed = list(result.failed.values())
        if failed and len(failed) == len(products):
            self._note_failure(failed[0])
            raise failed[0]
        self._failure, self._failures = None, 0
        houses = {product.parent for product in products}
        told = {
            key: record
            for key in houses
            if key is not None and (record := self._house_record(key)) is not None
        }
        return FeedResult(records={**result.records, **told}, failed=result.failed)

    async def _read(self, device: Device) -> Record | None:
        """Read one product, and let its home know."""
        product = self._product(device)
        try:
            await product.read()
        finally:
            if device.parent is not None:
                self._house(device.parent).store()
        return self._record(product)

    def _hear(self, device: Device, sample: Sample) -> None:
        """Take what came on a stream, and hand it on, but not too often."""
        self._learned.prove(STREAM)
        product = self._product(device)
        if (moment := product.hear(sample, streamed=True)) is None:
            return
        self._tell_house(device, moment, counts=False)
        now = self._clock.now()
        if product.pushed_at is not None and now - product.pushed_at < _THROTTLE:
            return
        product.pushed_at = now
        if self._push is None or (record := self._record(product)) is None:
            return
        records = {device.key: record}
        if device.parent and (home := self._house_record(device.parent)) is not None:
            records[device.parent] = home
        self._push(FeedResult(records=records))

    def _tend(self, device: Device) -> None:
        """Keep the stream of a product open, where somebody listens."""
        product = self._product(device)
        if self._push is None or self._learned.lacks(STREAM):
            return
        if product.stream is None:
            product.stream = Stream(
                product.connect, partial(self._hear, device), self._clock
            )
        product.stream.tend()

    def _tell_house(self, device: Device, moment: Moment, *, counts: bool) -> None:
        """Tell a home what a product says of it, but for one product only at a time.

        They all say the same, so another is heard only when the first is silent.
        """
        values = {key: moment.values[key] for key in HOUSE_KEYS & moment.values.keys()}
        if not values or device.parent is None:
            return
        tellers = self._tellers.setdefault(device.parent, {})
        if any(
            moment.time - at <= LONGEST_GAP
            for other, at in tellers.items()
            if _order(other) < _order(device.id)
        ):
            return
        tellers[device.id] = moment.time
        house = self._house(device.parent)
        if counts:
            house.count(moment.time, values)
        else:
            house.show(moment.time, values)

    def _record(self, product: ProductReader) -> Record | None:
        """Return the record of a product, without what is of its home."""
        record, time = product.ledger.record(), product.ledger.time
        if record is None or time is None:
            return None
        return record.without(HOUSE_KEYS).updated({"last_data": time})

    def _house_record(self, key: str) -> Record | None:
        """Return what is told of a home."""
        return self._house(key).record()

    def _note_failure(self, error: ApiError) -> None:
        """Wait longer from one failure to the next."""
        if not isinstance(error, TransientError):
            return
        wait = _FIRST_WAIT * (1 << min(self._failures, 4))
        self._failures += 1
        self._failure = error
        self._next_try = self._clock.now() + min(wait, _LONGEST_WAIT) - _MARGIN

    def _product(self, device: Device) -> ProductReader:
        """Return the reader of a product."""
        if (known := self._products.get(device.key)) is None:
            known = self._products[device.key] = ProductReader(
                device,
                client=self._client,
                learned=self._learned,
                clock=self._clock,
                memory=self._memory.setdefault(device.key, {}),
                tell=partial(self._tell_house, device, counts=True),
            )
        return known

    def _house(self, key: str) -> Ledger:
        """Return the ledger of a home."""
        if (known := self._houses.get(key)) is None:
            known = self._houses[key] = Ledger(
                self._memory.setdefault(key, {}), HOUSE_ENERGIES
            )
        return known


def _order(product: str) -> tuple[int, str]:
    """Return the place of a product among those of a home: numbers count as such."""
    return (int(product) if product.isdecimal() else 0, product)
