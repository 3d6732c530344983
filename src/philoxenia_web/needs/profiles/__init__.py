"""Profiles of surveys: handing one in with its spec, the tables that stay, groups side by side."""
