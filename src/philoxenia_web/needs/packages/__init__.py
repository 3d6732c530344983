"""Which programmes together reach most people? Choosing programmes and limits, the package, its reach."""
