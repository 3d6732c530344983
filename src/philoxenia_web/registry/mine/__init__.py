"""A resident's own page."""
