"""What several tests of directories need of records: all they say as one text."""

from philoxenia.exchange.hsds import Records


def everything(records: Records) -> str:
    """Every cell of every table, and every finding."""
    cells = [
        str(value)
        for frame in records.tables.values()
        for row in frame.iter_rows()
        for value in row
        if value is not None
    ]
    return "\n".join([*cells, *(str(one.as_dict()) for one in records.told)])
