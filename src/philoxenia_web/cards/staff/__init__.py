"""Applications, review by two, issue and print of city cards."""
