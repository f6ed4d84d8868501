"""An HTTP server on the loopback address, the same for every vendor."""

import socket
from ssl import SSLContext

from aiohttp import web

HOST = "127.0.0.1"


class LocalServer:
    """An aiohttp application that listens on 127.0.0.1.

    Attributes:
        tls: What it encrypts with, to be set before it starts; `None` for plain HTTP.
    """

    def __init__(
        self,
        app: web.Application,
        *,
        port: int = 0,
        tls: SSLContext | None = None,
    ) -> None:
        """Prepare a server; port 0 takes any free one."""
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=1
        )
        self._port = port
        self.tls = tls
        self._site: web.SockSite | None = None

    @property
    def port(self) -> int:
        """Return the port."""
        return self._port

    @property
    def base_url(self) -> str:
        """Return the address, without a trailing slash."""
        return f"http{'s' if self.tls else ''}://{HOST}:{self._port}"

    async def start(self) -> None:
        """Start, and listen."""
        await self._runner.setup()
        await self.open()

    async def open(self) -> None:
        """Listen, at the port that was listened at before if there was one."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, self._port))
        self._port = listener.getsockname()[1]
        self._site = web.SockSite(self._runner, listener, ssl_context=self.tls)
        await self._site.start()

    async def shut(self) -> None:
        """Refuse connections, and close those that there are, until opened again."""
        if self._site is not None:
            await self._site.stop()
        self.hang_up()

    def hang_up(self) -> None:
        """Close every connection, and keep listening."""
        if (server := self._runner.server) is not None:
            for connection in server.connections:
                connection.force_close()

    async def stop(self) -> None:
        """Close the listener and every connection."""
        await self._runner.cleanup()
