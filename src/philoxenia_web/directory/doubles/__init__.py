"""Organisations that are listed twice: found by the linkage of organisations, decided by a person."""
