"""How severe need is, as REACH codes it: sector scores 1 to 5, a household's score the highest of them."""

from philoxenia.needs.severity.scores import IN_NEED, SEVERE, Part, Sector, severity

__all__ = ["IN_NEED", "SEVERE", "Part", "Sector", "severity"]
