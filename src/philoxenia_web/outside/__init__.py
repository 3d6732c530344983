"""Computers of others: asking and telling them, without being led into our own network."""
