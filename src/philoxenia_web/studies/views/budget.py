"""The step that says what the plan may cost, what it aims at, and when it has failed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from philoxenia_web.accounts.access import Actor, access
from philoxenia_web.studies import wizard
from philoxenia_web.studies.aims import AIMS
from philoxenia_web.studies.catalogue import catalogue_of
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import RUN
from philoxenia_web.studies.refusals import Refused
from philoxenia_web.studies.views.answers import refusal_said
from philoxenia_web.studies.views.budget_form import BudgetForm
from philoxenia_web.studies.views.choosing import place_of, reads_and_writes, steps_of
from philoxenia_web.studies.views.plan_step import Trouble, of_own_foresight, save

_HERE = "study-budget"


@access(RUN)
@reads_and_writes
@of_own_foresight
def choose_budget(request: HttpRequest, actor: Actor, study: Study) -> HttpResponse:
    """Aim, budgets, floors, actions that must or must not be in, and when the plan fails."""
    try:
        catalogue = catalogue_of(actor, study)
    except Refused as refusal:
        return refusal_said(request, refusal, "study-inputs", study.pk)
    if request.method != "POST":
        return _page(request, study, BudgetForm(catalogue, study))
    form = BudgetForm(catalogue, study, request.POST)
    part, wrong = form.part()
    trouble = Trouble(wrong) if wrong else save(request, actor, study, part)
    if trouble is None:
        return redirect(wizard.after(study.kind, _HERE) if "next" in request.POST else _HERE, study.pk)
    form = BudgetForm(catalogue, study, request.POST, trouble)
    return _page(request, study, form)


def _page(request: HttpRequest, study: Study, form: BudgetForm) -> HttpResponse:
    trouble = form.trouble
    told = {
        "study": study,
        "steps": steps_of(study),
        "current": place_of(study, _HERE),
        "back": wizard.before(study.kind, _HERE),
        "aims": AIMS,
        "budget": form,
        "conflict": trouble and trouble.conflict,
        "said": form.said,
    }
    return render(request, "studies/plan/budget.html", told, status=trouble.status if trouble else 200)
