"""Pages of the accounts app, one file a topic."""
