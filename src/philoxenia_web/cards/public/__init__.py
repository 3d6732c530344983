"""Checking a card without an account or network."""
