"""What to say of a table that fits no contract: the nearest kinds, and what each lacks."""

from philoxenia.exchange.files import Opened
from philoxenia.exchange.recognise import Match, Recognition, looks_like_data
from philoxenia.exchange.spelling import listed, quoted


def describe_unknown(opened: Opened, recognition: Recognition) -> tuple[str, str]:
    """A sentence on what was found, and one on what to do."""
    headers = [cell for cell in opened.head.row(0) if cell.strip()] if opened.head.cells.height else []
    if recognition.sure == "tie":
        names = [match.contract.name for match in recognition.others]
        return (
            f"{opened.facts.name} could be {' or '.join(names)}: its columns fit each of them equally well.",
            f"Say which: --contract {names[0]}.",
        )
    shown = listed([quoted(header, 30) for header in headers], 8)
    found = f"{opened.facts.name} fits no contract. Its first row holds {shown}."
    if looks_like_data(headers):
        found += " These look like values: the row with the names of the columns seems to be missing."
    near = [_nearness(match) for match in recognition.others if match.places]
    listing = f" Nearest: {'; '.join(near)}." if near else ""
    return found, f"Name the kind with --contract NAME (philoxenia contracts lists them).{listing}"


def _nearness(match: Match) -> str:
    if not match.missing:
        return f"{match.contract.name} ({len(match.places)} columns found)"
    return f"{match.contract.name} (lacks {listed(list(match.missing), 5)})"
