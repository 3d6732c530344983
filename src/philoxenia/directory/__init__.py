"""Finding help: when a service is open, words that newcomers use, who a service is for, guides.

Does not keep records (the city's application does) and does not read files (that is `exchange.hsds`).
"""

__all__ = ["eligibility", "guides", "hours", "words"]
