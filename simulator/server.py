"""An HTTP server on the loopback address, the same for every vendor."""

import socket

from aiohttp import web

HOST = "127.0.0.1"


class LocalServer:
    """An aiohttp application that listens on 127.0.0.1."""

    def __init__(self, app: web.Application, *, port: int = 0) -> None:
        """Prepare a server; port 0 takes any free one."""
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=1
        )
        self._port = port

    @property
    def base_url(self) -> str:
        """Return the address, without a trailing slash."""
        return f"http://{HOST}:{self._port}"

    @property
    def port(self) -> int:
        """Return the port that it listens on, or will."""
        return self._port

    async def start(self) -> None:
        """Listen."""
        await self._runner.setup()
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, self._port))
        self._port = listener.getsockname()[1]
        await web.SockSite(self._runner, listener).start()

    async def stop(self) -> None:
        """Close the listener and every connection."""
        await self._runner.cleanup()
