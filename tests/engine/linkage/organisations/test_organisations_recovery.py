"""Charities of a region found in a directory of services: against pairs that people decided.

Only pairs made by hand or refused by hand are fair: the others were made by a rule on names.
"""

import polars as pl
import pytest

from philoxenia.linkage.organisations import link_organisations

KEYS = ["name", "address", "address_2", "city", "postal_code"]


def read(folder, name: str) -> pl.DataFrame:
    return pl.read_csv(folder / "linkage" / name, infer_schema=False, encoding="utf8-lossy")


@pytest.fixture(scope="module")
def decided(shared_data) -> pl.DataFrame:
    """Pairs of names decided by hand, with what linkage says of them."""
    charities = read(shared_data, "cra_charities_2021_gta.csv").unique(
        "BN", keep="first", maintain_order=True
    )
    left = charities.select(
        record_id="BN",
        name="Account Name",
        address="Address Line 1",
        address_2="Address Line 2",
        city="City",
        postal_code="Postal Code",
    )
    labels = pl.concat(
        [read(shared_data, f"orgs_211_cra_{kind}.csv") for kind in ("matches", "failed_pairs")],
        how="diagonal",
    ).filter(pl.col("Match_Method").is_not_null())
    sites = labels.select(
        name="211_Name",
        address="211_Address1",
        address_2="211_Address2",
        city="211_City",
        postal_code="211_PostalCode",
        charity="CRA_BN_ID",
        method="Match_Method",
        charity_name="CRA_Name",
    )
    right = sites.select(KEYS).unique(maintain_order=True).with_row_index("record_id")
    right = right.with_columns(pl.col("record_id").cast(pl.String))
    found = link_organisations(left, right)
    known = sites.join(right, on=KEYS, nulls_equal=True)
    pairs = known.join(
        found, left_on=["charity", "record_id"], right_on=["left_record", "right_record"], how="left"
    )
    by_hand = pairs.filter((pl.col("method") == "Manual") | pl.col("method").str.contains("incorrect"))
    best = by_hand.sort("match_weight", descending=True, nulls_last=True)
    return best.unique(["charity_name", "name"], keep="first", maintain_order=True)


def counted(decided: pl.DataFrame, manual: bool, *decisions: str) -> int:
    own = decided.filter((pl.col("method") == "Manual") == manual)
    return own.filter(pl.col("decision").is_in(decisions)).height


def test_refused_pairs_are_hardly_ever_links(decided: pl.DataFrame):
    assert decided.filter(pl.col("method") != "Manual").height > 80
    assert counted(decided, False, "link") <= 2


def test_pairs_made_by_hand_are_often_found_though_names_differ(decided: pl.DataFrame):
    # Hand-made pairs are those whose names differ most: a rule had taken all others before.
    assert decided.filter(pl.col("method") == "Manual").height > 50
    assert counted(decided, True, "link") >= 15
    assert counted(decided, True, "link", "doubtful") >= 30
