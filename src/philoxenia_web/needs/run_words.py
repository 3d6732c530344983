"""What every page of a linked picture says of it: whose lists, for what, until when, how sure."""

from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from philoxenia_web.linkage.runs.queries import RunFacts
from philoxenia_web.needs import words
from philoxenia_web.needs.counting import link_error
from philoxenia_web.needs.cube import Cube
from philoxenia_web.ui import numbers


@dataclass(frozen=True)
class About:
    """The line under a page's lead."""

    title: str
    departments: str
    records: str
    people: str
    until: str
    done: str
    is_synthetic: bool


def about(run: RunFacts) -> About:
    """Which linked picture this is."""
    return About(
        run.title,
        words.listed(run.departments),
        numbers.whole(_hundreds(run.records)),
        numbers.whole(_hundreds(run.people)),
        numbers.day(run.until),  # type: ignore[arg-type] (a date)
        numbers.day(run.done_at),
        run.synthetic,
    )


def _hundreds(count: int) -> int:
    """Exact totals beside rounded cells would tell by how much these were rounded."""
    return round(count / 100) * 100


def sources(run: RunFacts, cube: Cube, grouping: str) -> list[str]:
    """What figures, intervals and gaps mean, a sentence each."""
    return [
        _(
            "Figures count people of the lists of %(departments)s, linked on %(day)s for this purpose: "
            "%(purpose)s. Who is on no list is not counted; a need that nobody wrote down is not known."
        )
        % {
            "departments": words.listed(run.departments),
            "day": numbers.day(run.done_at),
            "purpose": run.purpose,
        },
        _error_words(run.quality),
        _rounding_words(cube, grouping),
        _(
            "Newcomers are told from others by the time since they came to the city, never by their status. "
            "People whose time of coming is not known are in neither group."
        ),
    ]


def _error_words(quality: pl.DataFrame) -> str:
    error = link_error(quality)
    if error.missed is None or error.false is None:
        return _(
            "How many links were missed or are false is not known for this run: "
            "intervals cover rounding alone."
        )
    return _(
        "Intervals cover links that were missed (at most %(missed)s of them) or false (at most %(false)s), "
        "as the run's quality report tells, and rounding. They do not cover needs that no list holds."
    ) % {"missed": numbers.percent(error.missed), "false": numbers.percent(error.false)}


def _rounding_words(cube: Cube, grouping: str) -> str:
    moved = cube.moved.get(grouping) or (0.0,)
    told = _(
        "To protect people, each cell behind these figures was rounded once to a multiple of %(base)s, up or "
        "down at random, before anybody could look; all figures, tables, downloads and the interface for "
        "programs are sums of these cells. That moves a figure of one group by at most %(moved)s people in "
        "95 of 100 cases. Sums under %(fewest)s are not shown, nor those of all but so many of a group: "
        "where everybody has a need, to be in the group would tell it."
    ) % {
        "base": numbers.whole(cube.base),
        "moved": numbers.whole(max(moved)),
        "fewest": numbers.whole(cube.fewest),
    }
    withheld = sum(cube.withheld.values())
    if not withheld:
        return told
    return (
        told
        + " "
        + ngettext(
            "%(count)s group with very few people is left out altogether.",
            "%(count)s groups with very few people are left out altogether.",
            withheld,
        )
        % {"count": numbers.whole(withheld)}
    )
