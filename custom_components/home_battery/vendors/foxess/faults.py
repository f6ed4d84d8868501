"""What the vendor's fault codes mean, and which fault was the last (Fox ESS notes 1.7)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
import logging
import re
from typing import Final, NamedTuple, cast

from ...battery.fields import number
from ...battery.model import Device, Record
from ...transport.clock import Clock
from ...transport.errors import ApiError
from .client import FoxEssClient
from .memory import DeviceMemory
from .models import mapping
from .series import objects

_LOGGER = logging.getLogger(__name__)

_ENGLISH: Final = "en"
# The languages that the vendor has beside English, by Home Assistant's name.
_LANGUAGES: Final = {"pl": "pl", "zh-Hans": "zh_CN"}
_REFRESH_AFTER: Final = timedelta(days=30)
_RETRY_AFTER: Final = timedelta(hours=1)
_CODES: Final = "fault_codes"
_NO_CODE: Final = "-"
_NO_FAULT: Final = "none"
_MAX_TEXT: Final = 255
_MOST_TEXTS: Final = 5000
# The year 2100, in ms since the epoch.
_LAST_STAMP: Final = 4_102_444_800_000


class _Fault(NamedTuple):
    """A fault of the past; its time is in seconds since the epoch."""

    at: float
    code: str
    message: str | None


class FaultTexts:
    """The vendor's table of faults, fetched when there first is one to explain."""

    def __init__(
        self, client: FoxEssClient, memory: DeviceMemory, clock: Clock, language: str
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._memory = memory
        self._clock = clock
        self._language = _LANGUAGES.get(language, _ENGLISH)
        self._tried_at: datetime | None = None

    async def explained(self, record: Record) -> Record:
        """Return a device's record with its present faults in words, if it tells any."""
        codes = record.values.get(_CODES)
        if not isinstance(codes, str):
            return record
        if codes == _NO_CODE:
            return record.updated({"fault": _NO_FAULT})
        texts = [await self.text(code) for code in re.split(r"[\s,;]+", codes) if code]
        return record.updated({"fault": _fitting(", ".join(texts))})

    async def text(self, code: str, message: str | None = None) -> str:
        """Return what a code means; failing that, the message or the code itself."""
        texts = await self._texts()
        return _fitting(texts.get(code) or message or code)

    async def _texts(self) -> Mapping[str, str]:
        """Return the table, also an old one; one that does not come hurts nothing else."""
        kept = self._memory.kept("fault_texts")
        now = self._clock.now()
        if (
            kept.get("language") == self._language
            and now - datetime.fromisoformat(kept["at"]) < _REFRESH_AFTER
        ) or (self._tried_at is not None and now - self._tried_at < _RETRY_AFTER):
            return cast("Mapping[str, str]", kept.get("texts", {}))
        self._tried_at = now
        try:
            answer = await self._memory.optional(
                "fault_texts", partial(self._client.call, "device_fault_codes", {})
            )
            texts = parse_texts(answer, self._language)
        except ApiError as err:
            _LOGGER.debug("The meaning of fault codes could not be told: %s", err)
        else:
            kept.update(texts=texts, language=self._language, at=now.isoformat())
        return cast("Mapping[str, str]", kept.get("texts", {}))


class FaultHistory:
    """The faults that one device had."""

    def __init__(
        self,
        client: FoxEssClient,
        memory: DeviceMemory,
        device: Device,
        texts: FaultTexts,
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._memory = memory
        self._serial = device.id
        self._texts = texts

    async def read(self, today: date) -> Record | None:
        """Fetch the faults since the last time, and return the last that is known.

        Args:
            today: The day on the device's calendar, by which the vendor keeps them.
        """
        kept = self._memory.kept("faults")
        days = [today]
        if kept.get("asked", f"{today}") != f"{today}":
            days.insert(0, today - timedelta(days=1))
        faults: list[_Fault] = []
        for day in days:
            found = await self._memory.optional("faults", partial(self._fetch, day))
            if found is None:
                return None
            faults += found
        kept["asked"] = f"{today}"
        if faults:
            last = max(faults, key=lambda fault: fault.at)
            if last.at > kept.get("at", 0):
                kept.update(last._asdict())
        if "at" not in kept:
            return None
        return Record(
            values={
                "last_fault": await self._texts.text(kept["code"], kept["message"]),
                "last_fault_at": datetime.fromtimestamp(kept["at"], UTC),
            }
        )

    async def _fetch(self, day: date) -> list[_Fault]:
        """Fetch the faults of one day."""
        answer = await self._client.call(
            "device_fault_history", {"sn": self._serial, "date": f"{day}"}
        )
        return list(_faults(mapping(answer).get("faults")))


def parse_texts(data: object, language: str) -> dict[str, str]:
    """Read `fault/get`: the words for each code, in English where there are no others."""
    texts: dict[str, str] = {}
    for item in objects(data):
        for code, words in item.items():
            if not isinstance(words, dict):
                continue
            text = words.get(language) or words.get(_ENGLISH)
            if isinstance(text, str) and text and len(texts) < _MOST_TEXTS:
                texts[_fitting(code)] = _fitting(text)
    return texts


def _faults(data: object) -> Iterator[_Fault]:
    """Yield the entries of `fault/history` that name a code and a moment."""
    for item in objects(data):
        code, stamp = item.get("faultCode"), number(item.get("timestamp"))
        message = item.get("faultMessage")
        if code and stamp is not None and 0 < stamp < _LAST_STAMP:
            yield _Fault(
                at=stamp / 1000,
                code=str(code),
                message=message if isinstance(message, str) else None,
            )


def _fitting(text: str) -> str:
    """Return a text that fits into a state."""
    return text if len(text) <= _MAX_TEXT else f"{text[: _MAX_TEXT - 1]}…"
