"""Writes of casework: permission, transaction, version, key and trail in one place, for pages and devices."""
