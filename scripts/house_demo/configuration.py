"""The configuration directory of a Home Assistant that has yet to meet its owner."""

import json
from pathlib import Path
from typing import Any

from .errors import DemoError

_CONFIGURATION = """\
homeassistant:
  name: Home
  latitude: 52.52
  longitude: 13.4
  elevation: 34
  unit_system: metric
  currency: EUR
  country: DE
  language: en
  time_zone: Europe/Berlin

config:
energy:
frontend:
history:
logger:
recorder:
"""


def write_configuration(directory: Path, root: Path, port: int) -> None:
    """Fill an empty directory, with this checkout's integration linked in."""
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise DemoError(f"{directory} is not empty")
    (directory / "configuration.yaml").write_text(_CONFIGURATION)
    (directory / "custom_components").symlink_to(root / "custom_components")
    (directory / ".storage").mkdir()
    # The server's address cannot stand in YAML: that is taken for a change, to be confirmed within five minutes.
    _store(
        directory,
        "http",
        {
            "stable": {
                "server_port": port,
                "server_host": ["127.0.0.1"],
                "cors_allowed_origins": ["https://cast.home-assistant.io"],
                "login_attempts_threshold": -1,
                "ip_ban_enabled": True,
                "ssl_profile": "modern",
                "use_x_frame_options": True,
                "created_at": "2026-01-01T00:00:00+00:00",
                "error": None,
                "error_message": None,
            },
            "pending": None,
            "yaml_migration_done": True,
        },
        version=2,
        minor_version=2,
    )
    # Only the owner is left to be made: the other steps would add integrations that need the internet.
    _store(
        directory,
        "onboarding",
        {"done": ["core_config", "analytics", "integration"]},
        version=4,
    )


def _store(
    directory: Path,
    key: str,
    data: dict[str, Any],
    *,
    version: int,
    minor_version: int = 1,
) -> None:
    """Write a file as Home Assistant's storage helper reads it."""
    store = {
        "version": version,
        "minor_version": minor_version,
        "key": key,
        "data": data,
    }
    (directory / ".storage" / key).write_text(json.dumps(store, indent=2))
