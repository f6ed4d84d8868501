"""What the tests of the Fox ESS side share."""

from hypothesis import settings

settings.register_profile("home_battery", deadline=None, max_examples=60)
settings.load_profile("home_battery")
