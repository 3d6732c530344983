"""Every address of the application. Each view declares who may, or it is refused."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("data/", include("philoxenia_web.datasets.urls")),
    path("studies/", include("philoxenia_web.studies.urls")),
    path("api/v1/", include("philoxenia_web.api.urls")),
    path("", include("philoxenia_web.accounts.urls")),
]
