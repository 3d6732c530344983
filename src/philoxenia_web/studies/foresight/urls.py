"""Addresses of the pages of a foresight study, under `studies/<id>/`."""

from django.urls import path

from philoxenia_web.studies.foresight import (
    case_page,
    dividend_page,
    futures_page,
    method_page,
    portfolio_page,
    robustness_page,
    triggers_page,
    views,
)
from philoxenia_web.studies.foresight.frame import shown

urlpatterns = [
    path("dividend/", shown(dividend_page.page), name="foresight-dividend"),
    path("dividend/<path:action>/", views.action, name="foresight-action"),
    path("futures/", shown(futures_page.page, on_disk=True), name="foresight-futures"),
    path("how/", shown(method_page.page), name="foresight-method"),
    path("portfolio/", shown(portfolio_page.page), name="foresight-portfolio"),
    path("robustness/", shown(robustness_page.page), name="foresight-robustness"),
    path("triggers/", shown(triggers_page.page), name="foresight-triggers"),
    path("case/", shown(case_page.page), name="foresight-case-choice"),
    path("case.pdf", case_page.case, name="foresight-case"),
]
