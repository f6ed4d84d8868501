"""Simulated houses under one sun, and servers that speak the vendors' APIs over HTTP."""

from .faults import Fault
from .simulation import Simulation

__all__ = ["Fault", "Simulation"]
