"""The system's Chromium, of whatever name, and how it is started."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing here needs a network, and what it looks for there would be missed at every start.
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def find_chromium() -> str:
    """Return the path of a Chromium."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(f"there is none of {', '.join(NAMES)} on this machine")


def arguments() -> list[str]:
    """Return the options to start it with; as root it has no sandbox."""
    return [*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
