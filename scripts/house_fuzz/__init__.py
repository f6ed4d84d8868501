"""Broken answers by the million, and what comes of them: scripts/fuzz."""
