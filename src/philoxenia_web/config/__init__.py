"""Settings, addresses and starting: the only reader of the environment."""
