"""How fresh readings are, and for how many calls: simulated weeks of polling."""
