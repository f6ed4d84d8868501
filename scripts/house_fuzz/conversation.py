"""A session that remembers what was answered, and one that answers so again."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, Self
from urllib.parse import urlsplit

import aiohttp

from custom_components.home_battery.transport.clock import Clock

_HEARD: Final = 3
_HEARD_SECONDS: Final = 300
_PATIENCE: Final = 5
_TURNS: Final = 8


class Answer(NamedTuple):
    """What a server said: to a request, or as messages of a stream."""

    status: int
    body: bytes


class Question(NamedTuple):
    """What a request asks, without what changes from one time to the next."""

    method: str
    path: str
    said: str


@dataclass(frozen=True)
class Exchange:
    """A question and the answer."""

    question: Question
    answer: Answer


class _Content:
    """A body that is read in pieces."""

    def __init__(self, body: bytes) -> None:
        """Keep the body."""
        self._body = body

    async def iter_chunked(self, size: int) -> AsyncIterator[bytes]:
        """Yield the body, piece by piece."""
        for start in range(0, len(self._body), size):
            yield self._body[start : start + size]


class _Response:
    """As much of aiohttp's response as the transport uses."""

    def __init__(self, answer: Answer) -> None:
        """Show an answer."""
        self.status = answer.status
        self.content = _Content(answer.body)

    def close(self) -> None:
        """Read no more."""


class Socket:
    """As much of aiohttp's WebSocket as the stream uses: messages, and then the end."""

    def __init__(self, body: bytes) -> None:
        """Keep the messages, a line each."""
        self._lines = body.split(b"\n")

    async def __aenter__(self) -> Self:
        """Open it."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""

    async def __aiter__(self) -> AsyncIterator[SimpleNamespace]:
        """Yield the messages."""
        for line in self._lines:
            text = line.decode(errors="replace")
            yield SimpleNamespace(type=aiohttp.WSMsgType.TEXT, data=text)


def question_of(method: str, url: str, params: object, data: object) -> Question:
    """Return what is asked."""
    if isinstance(data, aiohttp.FormData):
        data = data().decode()
    asked = sorted(params.items()) if isinstance(params, Mapping) else params
    return Question(method, urlsplit(url).path, f"{asked} {data!r}")


class Recorder:
    """A session that passes requests on, and keeps what came."""

    def __init__(self, session: aiohttp.ClientSession, clock: Clock) -> None:
        """Keep the real session, and the clock that moves the server's time."""
        self._session = session
        self._clock = clock
        self._opening = 0
        self.exchanges: list[Exchange] = []

    @asynccontextmanager
    async def request(
        self, method: str, url: str, **options: Any
    ) -> AsyncIterator[_Response]:
        """Send a request, and keep the answer."""
        question = question_of(method, url, options["params"], options["data"])
        async with self._session.request(method, url, **options) as response:
            answer = Answer(response.status, await response.read())
        self.exchanges.append(Exchange(question, answer))
        yield _Response(answer)

    async def ws_connect(self, url: str, **options: Any) -> Socket:
        """Open a stream, and keep its first messages."""
        question = question_of("STREAM", url, None, None)
        self._opening += 1
        try:
            async with self._session.ws_connect(url, **options) as socket:
                await self._clock.sleep(_HEARD_SECONDS)
                async with asyncio.timeout(_PATIENCE):
                    told = [
                        (await socket.receive_str()).encode() for _ in range(_HEARD)
                    ]
        finally:
            self._opening -= 1
        answer = Answer(101, b"\n".join(told))
        self.exchanges.append(Exchange(question, answer))
        return Socket(answer.body)

    async def settled(self) -> None:
        """Return when all streams that were opened have told something."""
        await _breathe()
        while self._opening:
            await asyncio.sleep(0.01)
        await _breathe()


class Replay:
    """A session without a server: who asks the same is answered the same.

    Where a broken answer makes another question of the next one, the answer to
    another of the same path has to do.
    """

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        """Keep the answers in their order."""
        self._exact: dict[Question, list[Answer]] = defaultdict(list)
        self._alike: dict[tuple[str, str], list[Answer]] = defaultdict(list)
        for exchange in exchanges:
            self._exact[exchange.question].append(exchange.answer)
            self._alike[exchange.question[:2]].append(exchange.answer)

    def answer(self, question: Question) -> Answer:
        """Return the answer to a question, the last one again and again."""
        answers = self._exact.get(question) or self._alike.get(question[:2])
        if not answers:
            return Answer(404, b"404 page not found")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    @asynccontextmanager
    async def request(
        self, method: str, url: str, **options: Any
    ) -> AsyncIterator[_Response]:
        """Answer a request."""
        question = question_of(method, url, options["params"], options["data"])
        yield _Response(self.answer(question))

    async def ws_connect(self, url: str, **_: Any) -> Socket:
        """Open a stream."""
        return Socket(self.answer(question_of("STREAM", url, None, None)).body)

    async def settled(self) -> None:
        """Return when all that was said has been heard."""
        await _breathe()


async def _breathe() -> None:
    """Let others do what they can at once."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)
