"""The files of a release: the table as CSV with HXL tags and as Parquet, its metadata, its receipt.

Owns names and formats. Every file is whole or not there; the receipt comes last, so that a folder with a
receipt is complete.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from philoxenia.disclosure.release.releasing import Release
from philoxenia.disclosure.release.spec import NOISE, ROUND, Spec
from philoxenia.exchange.hxl import TAG, with_hashtags
from philoxenia.lake.files import file_hash, write_whole
from philoxenia.reference import reference_table


def write_release(release: Release, out: Path) -> dict[str, Path]:
    """Write the table, metadata and receipt into the folder `out`; gives each file by its kind."""
    out.mkdir(parents=True, exist_ok=True)
    name = release.spec.table
    metadata = metadata_of(release)
    text = with_hashtags(release.frame, None, _tags(release))
    told = {"philoxenia": json.dumps(metadata, ensure_ascii=False)}
    paths = {
        "csv": write_whole(out / f"{name}.csv", text.write_csv),
        "parquet": write_whole(
            out / f"{name}.parquet", lambda path: release.frame.write_parquet(path, metadata=told)
        ),
        "metadata": _json(out / f"{name}.metadata.json", metadata),
    }
    files = {path.name: file_hash(path) for path in paths.values()}
    paths["receipt"] = _json(out / f"{name}.receipt.json", {**release.receipt, "files": files})
    return paths


def metadata_of(release: Release) -> dict[str, Any]:
    """What a reader must know: whom it counts, when, how it was protected and what a mark means."""
    spec = release.spec
    return {
        "title": spec.title or spec.table,
        "about": spec.about,
        "date": spec.date,
        "purpose": spec.purpose,
        "source": spec.source,
        "unit": spec.unit,
        "base": spec.base,
        "columns": {name: str(dtype) for name, dtype in release.frame.schema.items()},
        "protection": protection(spec, release.receipt),
        "notes": list(spec.notes),
        "synthetic": "synthetic" in spec.about.lower() or "synthetic" in spec.source.lower(),
    }


def protection(spec: Spec, receipt: Mapping[str, Any]) -> str:
    """How the figures were protected, in sentences."""
    if spec.method == NOISE:
        return (
            f"Every figure carries random noise ({receipt['mechanism']}, scale {receipt['scale']:.3g}, "
            f"epsilon {receipt['epsilon']:g} of a budget of {receipt['budget']:g}). low and high hold the "
            f"true count in {receipt['interval']:.0%} of cases, figure by figure. Cells are not negative; "
            "margins are their sums."
        )
    if spec.method == ROUND:
        return (
            f"Cells are rounded to a multiple of {spec.rounding_base} ({spec.how}); totals are sums of "
            "rounded cells. low and high bound the true count. A cell that is not there holds "
            f"{spec.rounding_base - 1} people or fewer."
        )
    return (
        f"Counts below {spec.rules.minimum} are withheld, and further figures so that none of these can be "
        f"worked out: {receipt['withheld_figures']} of {receipt['figures']} figures. A withheld figure may "
        "be small or not."
    )


def _tags(release: Release) -> dict[str, str]:
    known = dict(reference_table("hxl").select("column", "tag").iter_rows())
    own = {
        release.spec.measure: "#affected+ind",
        "margin": "#meta+margin",
        "low": "#affected+ind+low",
        "high": "#affected+ind+high",
        "note": "#meta+note",
        "date": "#date",
        "unit": "#meta+unit",
    }
    asked = {name: tag for name, tag in release.spec.hxl.items() if TAG.match(tag)}
    tags = {**known, **own, **asked}
    return {name: tags[name] for name in release.frame.columns if name in tags}


def _json(path: Path, content: Mapping[str, Any]) -> Path:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return write_whole(path, lambda place: place.write_text(text, encoding="utf-8"))
