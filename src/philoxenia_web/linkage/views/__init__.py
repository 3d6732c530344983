"""Pages of agreements and of the lists handed in under them."""
