"""The figures of a month from what was done: plain counts first, then what may be shown of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import polars as pl

from philoxenia.office.protecting import Counted, Limits, limits, rounded, shown
from philoxenia.office.waiting import waiting
from philoxenia.reference import default_parameters, reference_table

UNKNOWN = "unknown"
_TABLE = {"measure": pl.String, "by": pl.String, "category": pl.String, "shown": pl.Int64}
_WAITS = {
    "measure": pl.String,
    "category": pl.String,
    "base": pl.Int64,
    "waiting": pl.Int64,
    "median": pl.Int64,
    "median_low": pl.Int64,
    "median_high": pl.Int64,
    "nine_in_ten": pl.Int64,
}


@dataclass(frozen=True)
class Month:
    """A month of the calendar, by the clocks of `zone`; its moments in UTC."""

    first: date
    zone: tzinfo = UTC

    @property
    def after(self) -> date:
        """The first day of the next month."""
        return (self.first.replace(day=1) + timedelta(days=32)).replace(day=1)

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return self._midnight(self.first.replace(day=1))

    @property
    def ends(self) -> datetime:
        """The first moment of the next."""
        return self._midnight(self.after)

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True)
class Doings:
    """What was done, people by number alone; times in UTC, null where not yet.

    `people`: person, language, district_id, here_since (date). `acts`: person, organisation, at. `needs`:
    person, organisation, need, noted_at, ended_at. `referrals`: organisation (who sent), receiver, need,
    sent_at, answered_at, begun_at, lapsed_at, ended_at, result. `cases`: organisation, opened_at, closed_at.
    """

    people: pl.DataFrame
    acts: pl.DataFrame
    needs: pl.DataFrame
    referrals: pl.DataFrame
    cases: pl.DataFrame


def month_tables(doings: Doings, month: Month, within: Limits | None = None) -> dict[str, pl.DataFrame]:
    """`counts` (measure, by, category, shown; category '' is the total) and `waits`, both protected."""
    within = within or limits()
    parts = [
        *_served(doings, month, within),
        _stock("noted", "need", _counted(_noted(doings.needs, month), "need"), within),
        _stock("unmet", "need", _counted(_unmet(doings.needs, month), "need"), within),
        _table("referrals_ended", "result", _ended(doings.referrals, month), within),
        _stock("referrals_open", "stage", _open(doings.referrals, month), within),
        _stock("open_cases", "team", _carried(doings.cases, month), within),
    ]
    return {"counts": pl.concat(parts), "waits": _waits(doings.referrals, month, within)}


def _served(doings: Doings, month: Month, within: Limits) -> list[pl.DataFrame]:
    """People somebody did something for, each counted once, in three breakdowns with one total."""
    acts = doings.acts.filter(pl.col("at").is_between(month.begins, month.ends, closed="left"))
    told = acts.join(_described(doings.people, month), on="person", how="left")
    return [_table("served", by, _counted(told, by), within) for by in ("language", "district", "since")]


def _described(people: pl.DataFrame, month: Month) -> pl.DataFrame:
    months = (pl.lit(month.after) - pl.col("here_since")).dt.total_days() / 30.4375
    bands = reference_table("casework/since_bands")
    since = pl.lit(UNKNOWN)
    for code, least in zip(bands["code"], bands["from_months"].cast(pl.Float64), strict=True):
        since = pl.when(months >= least).then(pl.lit(code)).otherwise(since)
    return people.select(
        "person",
        language=pl.col("language").replace("", None).fill_null(UNKNOWN),
        district=pl.col("district_id").replace("", None).fill_null(UNKNOWN),
        since=since,
    )


def _counted(rows: pl.DataFrame, by: str, *, places: Sequence[str] = ("organisation",)) -> Counted:
    """Different people by category, and those that each organisation knows; `places` are its columns."""
    rows = rows.with_columns(pl.col(by).fill_null(UNKNOWN))
    known: dict[str, dict[str, int]] = {}
    knowing = pl.concat(rows.select("person", by, organisation=pl.col(place)) for place in places)
    per_place = knowing.group_by("organisation", by).agg(pl.col("person").n_unique())
    for place, category, count in per_place.iter_rows():
        known.setdefault(str(place), {})[str(category)] = count
    people = rows.group_by(by).agg(pl.col("person").n_unique()).sort(by)
    return Counted({str(one): count for one, count in people.iter_rows()}, known)


def _noted(needs: pl.DataFrame, month: Month) -> pl.DataFrame:
    return needs.filter(pl.col("noted_at").is_between(month.begins, month.ends, closed="left"))


def _unmet(needs: pl.DataFrame, month: Month) -> pl.DataFrame:
    """Needs known before the month was over that had not come to an end by then."""
    goes_on = pl.col("ended_at").is_null() | (pl.col("ended_at") >= month.ends)
    return needs.filter((pl.col("noted_at") < month.ends) & goes_on)


def _ended(referrals: pl.DataFrame, month: Month) -> Counted:
    """What referrals that ended in the month came to; each is counted, not each person."""
    rows = referrals.filter(pl.col("ended_at").is_between(month.begins, month.ends, closed="left"))
    return _counted(rows.with_row_index("person"), "result", places=("organisation", "receiver"))


def _open(referrals: pl.DataFrame, month: Month) -> Counted:
    """How far those are that had been sent and had not ended."""
    ends = pl.lit(month.ends)
    rows = referrals.filter(
        (pl.col("sent_at") < ends) & (pl.col("ended_at").is_null() | (pl.col("ended_at") >= ends))
    )
    stage = (
        pl.when(pl.col("begun_at") < ends)
        .then(pl.lit("running"))
        .when(pl.col("lapsed_at") < ends)
        .then(pl.lit("lost"))
        .when(pl.col("answered_at") < ends)
        .then(pl.lit("accepted"))
        .otherwise(pl.lit("waiting"))
    )
    numbered = rows.with_columns(stage=stage).with_row_index("person")
    return _counted(numbered, "stage", places=("organisation", "receiver"))


def _carried(cases: pl.DataFrame, month: Month) -> Counted:
    """Cases open at the end of the month by team; each is a case of one team and known to it."""
    ends = pl.lit(month.ends)
    rows = cases.filter(
        (pl.col("opened_at") < ends) & (pl.col("closed_at").is_null() | (pl.col("closed_at") >= ends))
    )
    return _counted(rows.with_columns(team="organisation").with_row_index("person"), "team")


def _table(measure: str, by: str, counted: Counted, within: Limits) -> pl.DataFrame:
    cells, total = shown(counted, within)
    return _rows(measure, by, {"": total if counted.people else 0} | cells)


def _stock(measure: str, by: str, counted: Counted, within: Limits) -> pl.DataFrame:
    """What goes on from month to month, and what adds to it: rounded, and without a total."""
    return _rows(measure, by, rounded(counted, within))


def _rows(measure: str, by: str, cells: Mapping[str, int | None]) -> pl.DataFrame:
    rows = [(measure, by, one, count) for one, count in cells.items()]
    return pl.DataFrame(rows, schema=_TABLE, orient="row")


def _waits(referrals: pl.DataFrame, month: Month, within: Limits) -> pl.DataFrame:
    """Days until an answer and until help began, of referrals sent in the months before; by need."""
    known = default_parameters()
    window = timedelta(days=known["casework.office_waiting_days"])
    sent = referrals.filter(pl.col("sent_at").is_between(month.ends - window, month.ends, closed="left"))
    needs = sorted(set(sent["need"]))
    told = {"": sent} | {need: sent.filter(pl.col("need") == need) for need in needs}
    safe = {need: rows for need, rows in told.items() if not _leaves_few(rows, within)}
    rows: list[Mapping[str, object]] = []
    for measure, column in (("answer", "answered_at"), ("begin", "begun_at")):
        times = {need: _times(chosen, column, month) for need, chosen in safe.items()}
        rows += _wait_rows(measure, times, int(known["casework.office_waiting_least"]))
    return pl.DataFrame(rows, schema=_WAITS)


def _leaves_few(referrals: pl.DataFrame, within: Limits) -> bool:
    """Whether a team that takes its own away is left with the times of few."""
    numbered = referrals.with_row_index("person").with_columns(all=pl.lit("all"))
    counted = _counted(numbered, "all", places=("organisation", "receiver"))
    return shown(counted, within)[1] is None and referrals.height > 0


def _times(sent: pl.DataFrame, column: str, month: Month) -> pl.DataFrame:
    """Days waited; who was not answered before the end of it, or of the month, waited at least so long."""
    stop = pl.min_horizontal(pl.col("ended_at"), pl.lit(month.ends))
    over = pl.col(column).is_not_null() & (pl.col(column) < month.ends)
    until = pl.when(over).then(pl.col(column)).otherwise(stop)
    days = ((until - pl.col("sent_at")).dt.total_seconds() / 86400).floor().clip(0)
    return sent.select(days=days, over=over)


def _wait_rows(measure: str, times: Mapping[str, pl.DataFrame], least: int) -> Iterable[Mapping[str, object]]:
    for category, chosen in times.items():
        found = waiting(chosen)
        # A time that rests on few is the time of few.
        if min(found.base, found.base - found.waiting) < least:
            continue
        yield {
            "measure": measure,
            "category": category,
            "base": found.base // least * least,
            "waiting": found.waiting // least * least,
            **{
                name: None if (value := getattr(found, name)) is None else round(value)
                for name in ("median", "median_low", "median_high", "nine_in_ten")
            },
        }
