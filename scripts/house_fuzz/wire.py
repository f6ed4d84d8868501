"""The same over a real socket: broken heads and bodies, from a server that keeps no rule."""

import asyncio
import base64
from contextlib import suppress
import hashlib
from random import Random
import re
from typing import Any, Final

import aiohttp

from .accounts import Call, run
from .breaking import broken_bytes
from .conversation import Answer, Replay, question_of

_HOST: Final = "127.0.0.1"
_HEADS: Final = (
    b"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=utf-7\r\nContent-Length: {length}\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\nContent-Type: application/json; charset=nonsense\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\nContent-Length: {more}\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\nContent-Length: {less}\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\nContent-Length: 9{length}{length}{length}\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\nContent-Length: 5\r\nContent-Length: {length}\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\nTransfer-Encoding: chunked\r\n\r\n{hex}\r\n",
    b"HTTP/1.1 {status} OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    b"HTTP/1.1 {status} OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    b"HTTP/1.1 {status} OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\nContent-Encoding: deflate\r\nContent-Length: {length}\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: \r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 {status} OK\r\n\r\n",
    b"HTTP/1.1 9999 What\r\n\r\n",
    b"HTTP/1.1 2 Few\r\n\r\n",
    b"HTTP/3.7 {status}\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.6\r\n",
    b"HTTP/1.1 {status} OK\r\nSet-Cookie: \x00=\xff; Domain=\xfe\r\nContent-Length: {length}\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\n" + b"X-Long: " + b"a" * 20_000 + b"\r\n\r\n",
    b"HTTP/1.1 {status} OK\r\n" + b"X-Many: 1\r\n" * 3_000 + b"\r\n",
    b"HTTP/1.1 {status} \xff\xfe\r\nNo colon\r\n: empty\r\n\r\n",
    b"",
)
_SWITCH: Final = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
)
_CLOSE: Final = b"\x88\x00"
_LENGTH: Final = re.compile(rb"(?i)content-length: *(\d+)")
_KEY: Final = re.compile(rb"(?i)sec-websocket-key: *(\S+)")
_TURNS: Final = 20


class Wire:
    """A talk over a real connection, of which one answer is broken on its way."""

    kept = 2

    def __init__(self, call: Call, loop: asyncio.AbstractEventLoop) -> None:
        """Keep the talk."""
        self.name = f"http, {call.name}"
        self._call = call
        self._loop = loop

    def break_one(self, rng: Random) -> Any:
        """Return which answer is broken, its body, and the head in front of it."""
        head = rng.choice(_HEADS)
        if not rng.randrange(4):
            head = broken_bytes(head, rng)
        return [*self._call.break_one(rng), head]

    def feed(self, case: Any) -> None:
        """Have the account ask a server that answers so."""
        run(self._loop, self._ask(case))

    async def _ask(self, case: Any) -> None:
        """Serve the answers, and ask for them."""
        *broken, head = case
        replay, bad = self._call.answering(broken)
        server = _Server()
        listener = await asyncio.start_server(server.serve, _HOST, 0)
        port = listener.sockets[0].getsockname()[1]
        try:
            async with aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver()),
                cookie_jar=aiohttp.DummyCookieJar(),
            ) as session:
                through = _Through(
                    session,
                    f"http://{_HOST}:{port}",
                    replay,
                    server,
                    bad=bad,
                    head=head,
                )
                await self._call.talk.replay(through)
        finally:
            listener.close()


class _Server:
    """Sends bytes as they are, by the number of the request."""

    def __init__(self) -> None:
        """Have nothing to say yet."""
        self.said: list[bytes] = []
        self.bad: set[int] = set()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer requests until one is answered badly or nothing comes."""
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            number = -1
            while number not in self.bad:
                head = await reader.readuntil(b"\r\n\r\n")
                if length := _LENGTH.search(head):
                    await reader.readexactly(int(length[1]))
                number = int(head.split(b" ", 2)[1].partition(b"?")[0].strip(b"/"))
                writer.write(self.said[number].replace(b"{accept}", _accept(head)))
                await writer.drain()
        writer.close()


class _Through:
    """A session that asks the server for what the replay would answer."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base: str,
        replay: Replay,
        server: _Server,
        *,
        bad: Answer,
        head: bytes,
    ) -> None:
        """Keep what is answered, and how."""
        self._session = session
        self._base = base
        self._replay = replay
        self._server = server
        self._bad = bad
        self._head = head

    def request(self, method: str, url: str, **options: Any) -> Any:
        """Have a request answered."""
        answer = self._replay.answer(
            question_of(method, url, options["params"], options["data"])
        )
        head = self._head if answer is self._bad else _HEADS[0]
        asked = self._ask(answer, _filled(head, answer) + answer.body)
        return self._session.request(method, asked, **{**options, "ssl": True})

    async def ws_connect(self, url: str, **options: Any) -> Any:
        """Open a stream."""
        answer = self._replay.answer(question_of("STREAM", url, None, None))
        frames = b"".join(map(_frame, answer.body.split(b"\n")))
        head = self._head if answer is self._bad else b""
        asked = self._ask(answer, _SWITCH + frames + head + _CLOSE)
        return await self._session.ws_connect(asked, **{**options, "ssl": True})

    async def settled(self) -> None:
        """Return when what streams tell was heard, which takes the network a moment."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    def _ask(self, answer: Answer, raw: bytes) -> str:
        """Return the address of some bytes."""
        if answer is self._bad:
            self._server.bad.add(len(self._server.said))
        self._server.said.append(raw)
        return f"{self._base}/{len(self._server.said) - 1}"


def _filled(head: bytes, answer: Answer) -> bytes:
    """Return a head with the status and the length of the body, or another."""
    length = len(answer.body)
    for name, value in (
        (b"{status}", answer.status),
        (b"{length}", length),
        (b"{more}", length + 7),
        (b"{less}", max(length - 7, 0)),
    ):
        head = head.replace(name, str(value).encode())
    return head.replace(b"{hex}", f"{hex}".encode())


def _frame(text: bytes) -> bytes:
    """Return a text as a frame of a stream."""
    return b"\x81\x7f" + len(text).to_bytes(8) + text


def _accept(head: bytes) -> bytes:
    """Return what a server says to a client's key."""
    key = _KEY.search(head)
    said = (key[1] if key else b"") + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    return base64.b64encode(hashlib.sha1(said, usedforsecurity=False).digest())
