"""One import from its first row to its last, inside the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _

from philoxenia_web.directory import following
from philoxenia_web.directory.importing import dropping, merging, staging, touching, translating
from philoxenia_web.directory.importing.fitting import fitted, with_ids
from philoxenia_web.directory.importing.withholding import withhold
from philoxenia_web.directory.refusals import NotPossible

# Parents before what refers to them.
ORDER = (
    *("taxonomy", "taxonomy_term", "unit", "organization", "organization_identifier", "program", "service"),
    *("location", "service_at_location", "service_area", "address", "accessibility", "contact", "phone"),
    *("schedule", "language", "funding", "cost_option", "required_document", "service_capacity", "url"),
    *("attribute", "metadata", "meta_table_description"),
)
_GUARDED = ("organization", "service", "location")
_TRANSLATION = ("table", "record_id", "field", "language", "text", "status", "source_hash", "by")
_SETTINGS = "set local statement_timeout = '15min'; set local work_mem = '64MB'"
# A price of nothing for everybody is free; one that asks for money is not.
_FREE = """
update stage_service s set free = f.free from (
  select service_id, max(amount) <= 0 as free
  from stage_cost_option where amount is not null group by service_id) f
where f.service_id = s.id and s.free is null"""


@dataclass
class Read:
    """What an import came to."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    confidential: int = 0
    services: int = 0


def read(tables: Mapping[str, pl.DataFrame], feed: str, whole: bool, defaults: Mapping[str, str]) -> Read:
    """Stage, strip, merge. `defaults` fills source and licence where a record does not state its own."""
    done = Read()
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
    columns = {name: _stage(name, tables.get(name), feed, defaults) for name in ORDER}
    for name in _GUARDED:
        _check_own(name, feed)
    done.confidential = withhold()
    with connection.cursor() as cursor:
        cursor.execute(_FREE)
    merging.prepare()
    for name in ORDER:
        done.counts[name] = merging.merge(name, columns[name], feed, whole).as_dict()
    if whole:
        for name, count in dropping.drop(feed).items():
            done.counts[name]["removed"] += count
    done.counts["translation"] = _translate(tables.get("translation"), feed)
    touched = touching.services_touched()
    touching.renew(touched)
    done.services = len(touched)
    done.counts = {name: counts for name, counts in done.counts.items() if any(counts.values())}
    following.note(touched)
    return done


def _stage(name: str, frame: pl.DataFrame | None, feed: str, defaults: Mapping[str, str]) -> list[str]:
    given = frame if frame is not None and frame.width else pl.DataFrame(schema={"id": pl.String})
    made = fitted(name, given, feed)
    if name in merging.HELD:
        made = made.with_columns(_filled(made, column, value) for column, value in defaults.items())
    staging.stage(name, made)
    return made.columns


def _filled(frame: pl.DataFrame, column: str, value: str) -> pl.Expr:
    stated = pl.col(column) if column in frame.columns else pl.lit("")
    return pl.when(stated == "").then(pl.lit(value)).otherwise(stated).alias(column)


def _check_own(name: str, feed: str) -> None:
    count, other = merging.foreign(name, feed)
    if count:
        raise NotPossible(
            _(
                "%(count)s records of this directory are here already, from the feed “%(other)s”. "
                "Import it under that name, or give its records ids of their own. Nothing was imported."
            )
            % {"count": count, "other": other or "-"}
        )


def _translate(frame: pl.DataFrame | None, feed: str) -> dict[str, int]:
    if frame is None or not frame.height:
        translating.outdate()
        return {}
    renamed = {"object_table": "table", "object_id": "record_id"}
    named = frame.rename({old: new for old, new in renamed.items() if old in frame.columns})
    known = with_ids(named.select(_cell(named, column) for column in _TRANSLATION), feed, {"record_id": ""})
    staging.stage_translations(known.filter(pl.col("text") != "", pl.col("record_id").str.len_chars() == 36))
    new, changed = translating.merge_translations(feed)
    translating.outdate()
    return merging.Counts(read=frame.height, new=new, changed=changed).as_dict()


def _cell(frame: pl.DataFrame, column: str) -> pl.Expr:
    """A column of translations as words; a status nobody knows is a machine's."""
    cell = (pl.col(column) if column in frame.columns else pl.lit("")).cast(pl.String).fill_null("")
    if column == "status":
        known = ["human", "machine", "outdated"]
        return pl.when(cell.is_in(known)).then(cell).otherwise(pl.lit("machine")).alias(column)
    longest = {"language": 20, "by": 200, "source_hash": 64}.get(column)
    words = cell.str.replace_all("\x00", "", literal=True)
    return (words.str.slice(0, longest) if longest else words).alias(column)
