"""Template tags of the datasets app."""
