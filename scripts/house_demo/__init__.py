"""The demonstration: simulated houses, and a real Home Assistant that reads and steers them."""
