"""A column of dates, months or periods: its cells together settle the order of short dates."""

from philoxenia.exchange.contract import Column
from philoxenia.exchange.dates import order_of, read_day, read_month, read_period, unclear
from philoxenia.exchange.ledger import Ledger
from philoxenia.exchange.spelling import quoted
from philoxenia.exchange.texts import Outcome


class DateColumn:
    """Reads one column of dates. `order` is what the caller says of short dates: `day`, `month` or ''."""

    def __init__(self, column: Column, ledger: Ledger, order: str) -> None:
        self.column = column
        self.ledger = ledger
        self.order = order
        self.order_given = bool(order)
        self.full_dates: set[str] = set()
        self.other_months = 0

    def days(self, texts: list[str]) -> list[Outcome]:
        """Dates, each distinct text once."""
        order = self._date_order(texts)
        doubtful = set() if order else set(unclear(texts))
        return [
            (None, "date_order_unclear") if text in doubtful else _day(text, order or "day") for text in texts
        ]

    def periods(self, texts: list[str]) -> list[Outcome]:
        """Months, or months, quarters and years, as ISO text."""
        order = self._date_order(texts)
        doubtful = set() if order else set(unclear(texts))
        return [
            (None, "date_order_unclear") if text in doubtful else self._period(text, order) for text in texts
        ]

    def finish(self) -> None:
        """What can be said of a column of months only when all of it was seen."""
        if self.column.type == "month" and not self.other_months and _days_of_one_year(self.full_dates):
            first = sorted(self.full_dates)[0]
            self.ledger.find(
                "month_became_day", self.column.name, count=1, value=quoted(first), rows="every row"
            )

    def _period(self, text: str, order: str) -> Outcome:
        read = read_month if self.column.type == "month" else read_period
        period = read(text, order or "day")
        if period is None:
            return None, f"not_{self.column.type}"
        value, notation = period
        if notation == "day":
            self.full_dates.add(text)
        else:
            self.other_months += 1
        return value, f"{self.column.type}_notation" if notation else ""

    def _date_order(self, texts: list[str]) -> str:
        """The order of short dates in this column; tells the ledger where dates contradict each other."""
        found, day_first, month_first = order_of(texts)
        if found == "both" or (self.order and found and found != self.order and not self.order_given):
            self.ledger.find(
                "date_order_mixed",
                self.column.name,
                count=1,
                value=quoted(day_first or "earlier rows"),
                other=quoted(month_first or "later rows"),
            )
        if found in ("day", "month") and not self.order_given:
            self.order = self.order or found
        return self.order or ("day" if found == "both" else "")


def _day(text: str, order: str) -> Outcome:
    day = read_day(text, order)
    return (None, "not_date") if day is None else (day.value, day.rule)


def _days_of_one_year(texts: set[str]) -> bool:
    """Whether dates of one year use many days of the month: what a spreadsheet makes of Jan-18, Jan-19,
    Jan-20.
    """
    days = [read_day(text, "day") for text in texts]
    dates = [day.value for day in days if day is not None]
    if len(dates) < 6 or len({day.year for day in dates}) != 1:
        return False
    spread = len({(day.month, day.day) for day in dates}) > len({day.month for day in dates})
    return spread and len({day.day for day in dates}) > 1
