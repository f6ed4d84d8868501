"""Eaton: the xStorage Home unit in the own network, without a cloud."""
