"""The queue of those who walk in."""
