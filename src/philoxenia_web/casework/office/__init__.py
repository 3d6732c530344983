"""What the office did: served, waiting, unmet, outcomes; nobody in it can be recognised."""
