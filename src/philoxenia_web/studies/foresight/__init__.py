"""Pages of a finished foresight study: which actions pay back, for whom, in which futures, and says who."""
