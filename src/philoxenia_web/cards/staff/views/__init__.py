"""Pages of the desk for city cards."""
