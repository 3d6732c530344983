"""Organisations, staff, roles, sign-in, and the trail of what was done. Residents are in `registry`."""
