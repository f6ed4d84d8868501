"""Tests of what the repository holds besides code."""

import json
from pathlib import Path
import re
import subprocess

from PIL import Image
import pytest

ROOT = Path(__file__).parents[2]
BRAND = ROOT / "custom_components" / "home_battery" / "brand"

# Put together from parts, so that this file does not hold what it looks for.
REGISTRY_HOST = re.compile(
    "|".join(
        (
            r"py" + r"pi\.org",
            r"python" + r"hosted\.",
            r"npm" + r"js\.",
            r"registry\.[a-z]+\.org",
            r"deb\." + r"debian\.",
        )
    )
)
MACHINE_PATH = re.compile(r"(?:^|[\s\"'=(`:])/" + r"(?:home|root|work|Users)/\w")


def tracked_texts() -> list[tuple[str, str]]:
    """Return every tracked text file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    texts = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            texts.append((name, content.decode()))
    return texts


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
@pytest.mark.parametrize("pattern", [REGISTRY_HOST, MACHINE_PATH])
def test_no_place_of_one_machine(pattern: re.Pattern[str]) -> None:
    """No file names the host of a package registry or a path of somebody's machine."""
    found = [
        f"{name}: {line}"
        for name, text in tracked_texts()
        for line in text.splitlines()
        if pattern.search(line)
    ]
    assert not found


def test_every_package_has_one_exact_version() -> None:
    """The pins have no ranges, addresses or options."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pin = re.compile(r"[a-z0-9.-]+==[A-Za-z0-9.!+]+( ; .+)?")
    assert lines
    assert [line for line in lines if not pin.fullmatch(line)] == []


def test_wanted_packages_are_pinned() -> None:
    """What requirements.in asks for is what requirements.txt installs."""
    pins = {
        line.partition(" ;")[0]
        for line in (ROOT / "requirements.txt").read_text().splitlines()
    }
    wanted = {
        line.lower()
        for line in (ROOT / "requirements.in").read_text().splitlines()
        if line and not line.startswith("#")
    }
    assert wanted <= pins


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("icon.png", 256),
        ("icon@2x.png", 512),
        ("dark_icon.png", 256),
        ("dark_icon@2x.png", 512),
    ],
)
def test_icons_are_square_and_transparent(name: str, size: int) -> None:
    """Icons have the sizes that Home Assistant asks for."""
    with Image.open(BRAND / name) as image:
        assert (image.format, image.size) == ("PNG", (size, size))
        assert image.getchannel("A").getextrema() == (0, 255)


def test_hacs_reads_the_release() -> None:
    """HACS gets the archive that the release workflow makes, and no key that it refuses."""
    hacs = json.loads((ROOT / "hacs.json").read_text())
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    assert hacs["zip_release"] is True
    assert hacs["filename"] in workflow
    assert hacs.keys() <= {
        "content_in_root",
        "country",
        "filename",
        "hacs",
        "hide_default_branch",
        "homeassistant",
        "name",
        "persistent_directory",
        "zip_release",
    }
