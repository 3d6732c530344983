"""Residents and households: their sealed record, found by search alone, each read written down."""
