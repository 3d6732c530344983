"""Protecting a person's record at the desk: the part of its page, and what follows for cases."""
