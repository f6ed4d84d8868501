"""Tests of scripts/browser, with stand-ins for the programs that it calls."""

from pathlib import Path
import shutil
import subprocess

import pytest

ROOT = Path(__file__).parents[2]


class Machine:
    """A checkout, and a PATH with only the named programs."""

    def __init__(self, tmp_path: Path) -> None:
        """Copy the script; what prepares the checkout has nothing to do."""
        self.checkout = tmp_path / "a checkout"
        self.programs = tmp_path / "programs"
        self.programs.mkdir()
        self.write(self.checkout / "scripts" / "setup", ":")
        self.write(self.checkout / ".venv" / "bin" / "python", 'printf "%s\\n" "$@"')
        shutil.copy(ROOT / "scripts" / "browser", self.checkout / "scripts")
        for name in ("bash", "chmod", "dirname", "env"):
            (self.programs / name).symlink_to(str(shutil.which(name)))

    def write(self, path: Path, body: str) -> None:
        """Make a program of a line of bash."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        return subprocess.run(
            [self.checkout / "scripts" / "browser", *arguments],
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine without a browser and without packages."""
    return Machine(tmp_path)


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_browser_is_there(machine: Machine, name: str) -> None:
    """Any of the names will do, and arguments go on to pytest."""
    machine.write(machine.programs / name, ":")
    done = machine.run("-k", "two words")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.splitlines()[-3:] == [
        "testpaths=tests/browser",
        "-k",
        "two words",
    ]


@pytest.fixture
def apt(machine: Machine) -> Machine:
    """Return a machine on which anyone may install packages; each puts a program there."""
    machine.write(
        machine.programs / "apt-get",
        'for package; do :; done; echo "$*"\n'
        f'[[ $package == update ]] || {{ echo "#!/bin/bash" > "{machine.programs}/$package"'
        f' && chmod +x "{machine.programs}/$package"; }}',
    )
    machine.write(
        machine.programs / "sudo",
        '[[ $1 == --non-interactive ]] && shift && exec "$@"',
    )
    return machine


def test_browser_is_installed(apt: Machine) -> None:
    """Where there is none, it comes from the system's packages, quietly."""
    done = apt.run()
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "installing Chromium" in done.stderr
    assert (apt.programs / "chromium").exists()
    assert "apt" not in done.stdout


def test_no_browser(machine: Machine) -> None:
    """Where none can be had, a sentence says what to do."""
    done = machine.run()
    assert done.returncode == 1
    assert done.stdout == ""
    assert "install the package chromium, or Google Chrome" in done.stderr
