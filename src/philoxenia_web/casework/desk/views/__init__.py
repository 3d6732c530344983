"""Pages of the desk. Every page with a person in it is one visit, and every read in it is in the trail."""
