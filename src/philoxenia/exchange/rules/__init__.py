"""The kinds of rule and mend a contract may declare, by the name used in its TOML file.

A rule takes its declaration, the table and the context, tells the ledger what it finds, and returns the
table.
"""

from collections.abc import Mapping

from philoxenia.exchange.rules import rows, sites, sums, time
from philoxenia.exchange.rules.context import ROW, Context, RuleFunction

RULES: Mapping[str, RuleFunction] = {
    "stock_flow": sums.stock_flow,
    "partition": sums.partition,
    "parts_sum": sums.parts_sum,
    "at_most": sums.at_most,
    "one_measure": sums.one_measure,
    "rounded": sums.rounded,
    "plausible_mean": sums.plausible_mean,
    "shares_of_one": sums.shares_of_one,
    "steady_totals": sums.steady_totals,
    "continuous": time.continuous,
    "one_frequency": time.one_frequency,
    "repeated_times": time.repeated_times,
    "short_history": time.short_history,
    "censored": time.censored,
    "labels_changed": time.labels_changed,
    "known_district": sites.known_district,
    "inside_city": sites.inside_city,
    "placeholder_points": sites.placeholder_points,
    "confidential": sites.confidential_sites,
    "not_observations": sites.not_observations,
    "near_repeats": rows.near_repeats,
    "nested_terms": rows.nested_terms,
}

MENDS: Mapping[str, RuleFunction] = {
    "sort": rows.sort_rows,
    "fill_when": rows.fill_when,
    "fill_from": rows.fill_from,
    "constant": rows.constant,
    "drop_when": rows.drop_when,
    "stable_id": rows.stable_id,
    "flag": rows.flag_rows,
    "point": sites.point_of_geometry,
}

__all__ = ["MENDS", "ROW", "RULES", "Context", "RuleFunction"]
