"""Run the demonstration."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
import signal
import sys
import tempfile
from time import monotonic
from traceback import format_exc

import aiohttp

from .check import check
from .errors import DemoError
from .flow import add_account
from .home import PASSWORD, USERNAME, Home, free_port, running_home
from .houses import HISTORY_DAYS, Houses, running_houses
from .log import faults
from .options import Options, parse
from .pages import fill_energy_page, open_on_dashboard
from .past import bring_past
from .readings import read
from .report import Report
from .vendors import VENDORS

_ROOT = Path(__file__).parents[2]
_CHECK_SECONDS = 570


async def _demonstrate(options: Options, directory: Path, report: Report) -> None:
    """Start everything, add the accounts, and then check, or stay until somebody stops it."""
    port = free_port(options.port)
    print("Starting the simulated houses and Home Assistant", flush=True)
    async with (
        aiohttp.ClientSession() as session,
        running_houses(
            session, _ROOT, speed=options.speed, devices=options.devices
        ) as houses,
        running_home(session, _ROOT, directory, port) as home,
    ):
        for name, account in houses.accounts.items():
            await add_account(home.client, VENDORS[name].answers(account))
        if options.check:
            await check(home, houses, report)
        else:
            await open_on_dashboard(home.client)
            _announce(home, houses)
            await _furnish(home, houses)
            await home.stay()


def _announce(home: Home, houses: Houses) -> None:
    """Say where everything is."""
    print(f"Home Assistant   {home.url}")
    print(f"Log in as        {USERNAME}, password {PASSWORD}")
    print(f"Control endpoint {houses.control_url}")
    print("Ctrl-C stops it.", flush=True)


async def _furnish(home: Home, houses: Houses) -> None:
    """Bring in the past of every vendor's devices as soon as they are read, and fill the energy page."""
    for name, account in houses.accounts.items():
        for device in VENDORS[name].devices(account):
            await read(home.client, name, device)
        count = await bring_past(home.client, houses, name)
        print(f"{HISTORY_DAYS} days of {count} sensors of {name} are there", flush=True)
    await fill_energy_page(home.client)
    print("The energy page is filled.", flush=True)


async def _run(options: Options, directory: Path, report: Report) -> None:
    """Run until done or until a signal ends it, and leave no process behind."""
    if task := asyncio.current_task():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    async with asyncio.timeout(_CHECK_SECONDS if options.check else None):
        await _demonstrate(options, directory, report)


def main() -> int:
    """Run the demonstration and return the exit status."""
    options = parse()
    report = Report()
    started = monotonic()
    with ExitStack() as stack:
        directory = options.config or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="home-battery-"))
        )
        try:
            asyncio.run(_run(options, directory, report))
            report.finished = True
        except (DemoError, aiohttp.ClientError, OSError) as error:
            report.problems.append(str(error) or type(error).__name__)
        except asyncio.CancelledError:
            if not options.check:
                return 0
            report.problems.append("stopped by a signal")
        except Exception:  # noqa: BLE001 - whatever it was, the report has the last word
            report.problems.append(format_exc())
        finally:
            report.seconds = monotonic() - started
            _conclude(options, directory, report)
    return not report.ok


def _conclude(options: Options, directory: Path, report: Report) -> None:
    """Look at the log, and say what is wrong."""
    log = directory / "home-assistant.log"
    if log.exists() and (options.check or report.problems):
        found = faults(log.read_text(errors="replace").splitlines())
        report.log_errors = len(found)
        report.problems += [f"in the log: {record.text}" for record in found]
    for problem in report.problems:
        print(problem, file=sys.stderr, flush=True)
    if options.check:
        print(report.as_json(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
