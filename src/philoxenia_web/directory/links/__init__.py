"""Checking whether web addresses of records still answer, without being led into our own network."""
