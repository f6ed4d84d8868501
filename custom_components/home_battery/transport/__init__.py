"""HTTP for every vendor: no Home Assistant, no vendor."""
