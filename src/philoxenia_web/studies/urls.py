"""Addresses of the studies app."""

from django.urls import include, path

from philoxenia_web.studies.views import (
    action_editor,
    action_list,
    budget,
    choosing,
    comparing,
    downloading,
    following,
    listing,
    numbers,
    scenario,
    sharing,
    unit_values,
)
from philoxenia_web.studies.views.settings import settings

_STUDY = "<uuid:study_id>/"

urlpatterns = [
    path("", listing.studies, name="studies"),
    path("new/", choosing.new, name="study-new"),
    path("compare/", comparing.compare, name="study-compare"),
    path(_STUDY + "question/", choosing.question, name="study-question"),
    path(_STUDY + "scenario/", scenario.choose_scenario, name="study-scenario"),
    path(_STUDY + "actions/", action_list.choose_actions, name="study-actions"),
    path(_STUDY + "actions/new/", action_editor.new, name="study-action-new"),
    path(_STUDY + "actions/<slug:action>/edit/", action_editor.edit, name="study-action-edit"),
    path(_STUDY + "values/", unit_values.choose_values, name="study-values"),
    path(_STUDY + "budget/", budget.choose_budget, name="study-budget"),
    path(_STUDY + "inputs/", choosing.choose_inputs, name="study-inputs"),
    path(_STUDY + "parameters/", numbers.choose_parameters, name="study-parameters"),
    path(_STUDY + "check/", choosing.check, name="study-check"),
    path(_STUDY + "copy/", choosing.copy, name="study-copy"),
    path(_STUDY + "delete/", choosing.delete, name="study-delete"),
    path(_STUDY + "status/", following.status, name="study-status"),
    path(_STUDY + "cancel/", following.cancel, name="study-cancel"),
    path(_STUDY + "retry/", following.retry, name="study-retry"),
    path(_STUDY + "settings/", settings, name="study-settings"),
    path(_STUDY + "share/", sharing.sharing, name="study-share"),
    path(_STUDY + "share/<uuid:share_id>/end/", sharing.end, name="study-share-end"),
    path(_STUDY + "download/", downloading.downloads, name="study-download"),
    path(_STUDY + "download/<path:name>", downloading.download, name="study-file"),
    path(_STUDY, include("philoxenia_web.studies.foresight.urls")),
    path(_STUDY, include("philoxenia_web.studies.report.urls")),
]
