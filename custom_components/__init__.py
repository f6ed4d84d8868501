"""Home Assistant's custom integrations of this repository."""
