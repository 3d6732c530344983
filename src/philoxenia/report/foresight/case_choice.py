"""The section of a case on what was chosen from: other budgets, what one goal costs another, other plans."""

from dataclasses import replace

from philoxenia.report.document import Block, Figure, Picture, Section
from philoxenia.report.foresight.facts import Facts
from philoxenia.report.foresight.plan_charts import (
    budget_chart,
    budget_words,
    front,
    levels,
    pareto_chart,
    pareto_words,
    regret_chart,
    regret_words,
    regrets,
)
from philoxenia.report.words import sentence_case

# Two pictures stand beside each other on a page.
_HALF, _LOW = 310, 140
_TRIED_FIRST = ("long_term_residents", "newcomers")


def choice(facts: Facts) -> Section | None:
    """Only of a whole plan: what less and more money brings, and how far each plan lies behind the best."""
    if facts.is_empty or not facts.is_plan:
        return None
    view = facts.view
    blocks: list[Block] = []
    pictures = tuple(_budgets(facts))
    if pictures:
        blocks.append(Figure("budgets", view.text("choice.figure"), pictures))
    rows = regrets(facts.found, view)
    if len(rows) > 1:
        said = regret_words(rows, view)
        chart = regret_chart(rows, " ".join(said), view=view)
        blocks.append(Figure("regret", view.text("choice.regret"), (chart,), (view.text("choice.reading"),)))
    return Section("choice", view.text("choice.title"), "", blocks=tuple(blocks)) if blocks else None


def _budgets(facts: Facts) -> list[Picture]:
    """The curve of the budget, and the front of the first goal for which plans differ."""
    view, found = replace(facts.view, width=_HALF, height=_LOW), facts.found
    aim = next(
        (row["aim"] for row in found["plans"].iter_rows(named=True) if row["plan"] == facts.subject), ""
    )
    pictures = []
    rows = levels(found, aim or "mean")
    if len(rows) > 1:
        pictures.append(
            budget_chart(rows, " ".join(budget_words(rows, view)), view.text("choice.budget"), view)
        )
    known = found["pareto"]["goal"].unique(maintain_order=True).to_list()
    for goal in [goal for goal in _TRIED_FIRST if goal in known][:1]:
        steps = front(found, goal, view)
        title = sentence_case(view.text("choice.front", name=view.name(goal)))
        if len(steps) > 1:
            pictures.append(pareto_chart(steps, goal, " ".join(pareto_words(steps, view)), title, view))
    return pictures
