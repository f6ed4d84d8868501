"""Proofs of the quality scale, and of what hassfest and HACS ask of a repository."""
