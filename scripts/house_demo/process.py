"""Child processes that are gone when their context is left."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import signal
from typing import BinaryIO

_STOP_SECONDS = 20


@asynccontextmanager
async def child(
    *command: str, cwd: Path, env: Mapping[str, str], output: BinaryIO | None = None
) -> AsyncIterator[Process]:
    """Run a command for as long as the context is open.

    The child gets a session of its own, so that Ctrl-C reaches only this program
    and the children end in order. What it prints goes to `output`, or can be read.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env=env,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output or PIPE,
        stderr=output,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        await _stop(process)


async def _stop(process: Process) -> None:
    """End a child: politely, and when it does not listen, by force."""
    if process.returncode is not None:
        return
    try:
        process.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
