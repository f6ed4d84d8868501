"""Tests of the blueprints, as Home Assistant itself runs them."""
