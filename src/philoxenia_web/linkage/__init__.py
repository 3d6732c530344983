"""Agreements to link departments' lists, what was linked under them, and its review."""
