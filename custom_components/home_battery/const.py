"""Words that several modules share."""

from typing import Final

DOMAIN: Final = "home_battery"
VERSION: Final = "0.1.0"

CONF_AUTH_IMPLEMENTATION: Final = "auth_implementation"
CONF_CORRECTION: Final = "correction"
CONF_FINGERPRINT: Final = "fingerprint"
CONF_GRANT: Final = "grant"
CONF_VENDOR: Final = "vendor"
CONF_BASE_URL: Final = "base_url"
CONF_SERVER: Final = "server"
CONF_CONTROL: Final = "control"
CONF_GRID_METER: Final = "grid_meter"
CONF_PERMITTED_EXPORT: Final = "permitted_export"

WATCH: Final = "watch"
CONTROL: Final = "control"
