"""City cards: what a card's code says, which cards were withdrawn, what shows who somebody is.

Does not sign and knows no keys (the city's application does), and keeps no record of anybody.
"""

__all__ = ["payload", "points", "status_list"]
