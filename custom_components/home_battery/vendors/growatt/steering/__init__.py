"""What Growatt's device families let a person set: data and pure functions."""
