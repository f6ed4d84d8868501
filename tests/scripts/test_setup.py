"""Tests of scripts/setup, with stand-ins for the programs that it calls."""

from pathlib import Path
import shutil
import subprocess
from time import monotonic

import pytest

ROOT = Path(__file__).parents[2]
BASE_PROGRAMS = (
    "bash",
    "cat",
    "cksum",
    "cp",
    "dirname",
    "find",
    "grep",
    "head",
    "mkdir",
    "mktemp",
    "rm",
)


class Machine:
    """A checkout in a path with a space, and a PATH with only the named programs."""

    def __init__(self, tmp_path: Path) -> None:
        """Copy what setup reads, and give it the plainest programs."""
        self.checkout = tmp_path / "a checkout"
        self.programs = tmp_path / "programs"
        self.calls = tmp_path / "calls"
        (self.checkout / "scripts").mkdir(parents=True)
        self.programs.mkdir()
        shutil.copy(ROOT / "scripts" / "setup", self.checkout / "scripts")
        shutil.copy(ROOT / "requirements.txt", self.checkout)
        for name in BASE_PROGRAMS:
            (self.programs / name).symlink_to(str(shutil.which(name)))

    def install(self, name: str, script: str) -> None:
        """Put a program on the PATH that notes its calls and then runs a script."""
        program = self.programs / name
        program.write_text(
            f'#!/bin/bash\necho "{name} $*" >>"{self.calls}"\n{script}\n'
        )
        program.chmod(0o755)

    def setup(self) -> subprocess.CompletedProcess[str]:
        """Run setup from elsewhere."""
        return subprocess.run(
            [self.checkout / "scripts" / "setup"],
            cwd=self.programs,
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with neither Python nor uv."""
    return Machine(tmp_path)


@pytest.fixture
def equipped(machine: Machine) -> Machine:
    """Return a machine with a usable Python and uv."""
    machine.install("python3.14", "exit 0")
    machine.install(
        "uv",
        '[[ $1 == venv ]] && mkdir -p .venv/bin && cp "$(type -P python3.14)" .venv/bin/python; exit 0',
    )
    return machine


def test_silent_and_quick_when_done() -> None:
    """The real checkout needs nothing, says nothing and costs no time."""
    started = monotonic()
    done = subprocess.run(
        [ROOT / "scripts" / "setup"], capture_output=True, text=True, check=True
    )
    # A machine under load needs longer than the few milliseconds; installing, far longer.
    assert monotonic() - started < 2
    assert (done.stdout, done.stderr) == ("", "")


def test_installs_the_pins_once(equipped: Machine) -> None:
    """The first run makes the environment, the second does nothing."""
    first = equipped.setup()
    assert first.returncode == 0, first.stderr
    assert "uv venv" in equipped.calls.read_text()
    assert "uv pip sync" in equipped.calls.read_text()

    equipped.calls.unlink()
    second = equipped.setup()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert not equipped.calls.exists()


def test_new_pins_are_installed_into_the_same_environment(equipped: Machine) -> None:
    """A changed pin is noticed, and the environment is not made again."""
    equipped.setup()
    equipped.calls.unlink()
    with (equipped.checkout / "requirements.txt").open("a") as pins:
        pins.write("another==1.0\n")

    assert equipped.setup().returncode == 0
    calls = equipped.calls.read_text()
    assert "uv pip sync" in calls
    assert "uv venv" not in calls


def test_moved_checkout_gets_a_new_environment(equipped: Machine) -> None:
    """Programs in an environment name the place where it was made."""
    equipped.setup()
    equipped.calls.unlink()
    equipped.checkout = equipped.checkout.rename(equipped.checkout.with_name("moved"))

    assert equipped.setup().returncode == 0
    assert "uv venv" in equipped.calls.read_text()


def test_failed_installation_is_said_and_tried_again(equipped: Machine) -> None:
    """Packages that cannot be fetched leave nothing that looks done."""
    equipped.setup()
    (equipped.checkout / ".venv" / ".setup").unlink()
    equipped.install("uv", "[[ $1 != pip ]]")

    failed = equipped.setup()
    assert failed.returncode == 1
    assert "the packages could not be installed" in failed.stderr
    assert equipped.setup().returncode == 1


def test_too_old_python_is_not_used(machine: Machine) -> None:
    """Without a Python that will do, and without a way to get one, setup says so."""
    machine.install("python3", "exit 1")
    failed = machine.setup()
    assert failed.returncode == 1
    assert "no Python 3.14.2 or later was found" in failed.stderr
    assert not (machine.checkout / ".venv").exists()
