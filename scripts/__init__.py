"""The commands of this repository: the shell scripts, and the Python that they run."""
