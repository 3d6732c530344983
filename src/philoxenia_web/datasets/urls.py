"""Addresses of the datasets app."""

from django.urls import URLPattern, URLResolver, path

from philoxenia_web.datasets.views import checks, sets, uploads, versions

_VERSION = "versions/<uuid:version_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", sets.data_sets, name="data-sets"),
    path("hand-in/", uploads.hand_in, name="data-hand-in"),
    path("uploads/", uploads.begin, name="upload-begin"),
    path("uploads/<uuid:upload_id>/", uploads.piece, name="upload"),
    path("uploads/<uuid:upload_id>/finish/", uploads.finish, name="upload-finish"),
    path("uploads/<uuid:upload_id>/give-up/", uploads.give_up, name="upload-give-up"),
    path("sets/<uuid:dataset_id>/", sets.data_set, name="data-set"),
    path("sets/<uuid:dataset_id>/describe/", sets.describe, name="data-set-describe"),
    path(f"{_VERSION}/", versions.version, name="version"),
    path(f"{_VERSION}/check/", checks.check, name="version-check"),
    path(f"{_VERSION}/check/choose/", checks.choose, name="version-choose"),
    path(f"{_VERSION}/check/columns/", checks.map_columns, name="version-columns"),
    path(f"{_VERSION}/check/not-status/", checks.declare_not_status, name="version-not-status"),
    path(f"{_VERSION}/check/correct/", checks.correct, name="version-correct"),
    path(f"{_VERSION}/check/take-back/", checks.take_back, name="version-take-back"),
    path(f"{_VERSION}/check/accept/", checks.accept, name="version-accept"),
    path(f"{_VERSION}/check/discard/", checks.discard, name="version-discard"),
    path(f"{_VERSION}/report.csv", checks.report_file, {"form": "csv"}, name="version-report-csv"),
    path(f"{_VERSION}/report.json", checks.report_file, {"form": "json"}, name="version-report-json"),
    path(f"{_VERSION}/original/", checks.original, name="version-original"),
    path(f"{_VERSION}/publish/", versions.publish, name="version-publish"),
    path(f"{_VERSION}/agreement/", versions.agreement, name="version-agreement"),
    path(f"{_VERSION}/withdraw/", versions.withdraw, name="version-withdraw"),
    path(f"{_VERSION}/compare/<uuid:other_id>/", versions.compare, name="version-compare"),
    path(f"{_VERSION}/rows.csv", versions.download, {"form": "csv"}, name="version-rows-csv"),
    path(f"{_VERSION}/rows.parquet", versions.download, {"form": "parquet"}, name="version-rows-parquet"),
]
