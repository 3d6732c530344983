"""Data in and out: contracts for department extracts, checks that a clerk can act on, city packages.

Does not keep data (that is `lake`) and does not interpret them.
"""

from philoxenia.exchange.check import check_file
from philoxenia.exchange.city import City, Source, read_city
from philoxenia.exchange.contract import Contract, contracts, load_contract
from philoxenia.exchange.outcome import CheckReport, Outcome
from philoxenia.exchange.settings import CityError

__all__ = [
    "CheckReport",
    "City",
    "CityError",
    "Contract",
    "Outcome",
    "Source",
    "check_file",
    "contracts",
    "load_contract",
    "read_city",
]
