"""What the tests of steering share."""

from hypothesis import settings

settings.register_profile("home_battery", deadline=None, max_examples=60)
settings.load_profile("home_battery")
