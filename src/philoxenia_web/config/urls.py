"""Every address of the application. Each view declares who may, or it is refused."""

from django.urls import include, path
from django.views.decorators.http import require_http_methods, require_safe
from django.views.i18n import set_language

from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.ui import appearance, gallery, maps

handler400 = "philoxenia_web.ui.errors.bad_request"
handler403 = "philoxenia_web.ui.errors.denied"
handler404 = "philoxenia_web.ui.errors.not_found"
handler500 = "philoxenia_web.ui.errors.broken"

_switch = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("language/", access(PUBLIC)(_switch(set_language)), name="language"),
    path("appearance/", access(PUBLIC)(appearance.choose), name="appearance"),
    path("outlines/<slug:name>.svg", access(PUBLIC)(require_safe(maps.show_outlines)), name="outlines"),
    path("design/", access(PUBLIC)(require_safe(gallery.show)), name="design"),
    path("account/tokens/", include("philoxenia_web.api.account_urls")),
    path("account/", include("allauth.urls")),
    path("data/", include("philoxenia_web.datasets.urls")),
    path("directory/", include("philoxenia_web.directory.staff.urls")),
    path("front/", include("philoxenia_web.casework.desk.urls")),
    path("front/protection/", include("philoxenia_web.casework.protection.urls")),
    path("front/referrals/", include("philoxenia_web.casework.referrals.urls")),
    path("front/appointments/", include("philoxenia_web.casework.appointments.urls")),
    path("front/queue/", include("philoxenia_web.casework.queue.urls")),
    path("front/offline/", include("philoxenia_web.casework.offline.urls")),
    path("front/office/", include("philoxenia_web.casework.office.urls")),
    path("front/hooks/", include("philoxenia_web.casework.hooks.urls")),
    path("front/rights/", include("philoxenia_web.registry.rights.urls")),
    path("mine/", include("philoxenia_web.registry.mine.urls")),
    path("front/cards/", include("philoxenia_web.cards.staff.urls")),
    path("card/", include("philoxenia_web.cards.public.urls")),
    path("help/", include("philoxenia_web.directory.offline.urls")),
    path("help/", include("philoxenia_web.directory.guides.urls")),
    path("help/", include("philoxenia_web.directory.public.urls")),
    path("hsds/", include("philoxenia_web.directory.hsds.urls")),
    path("oruk/", include("philoxenia_web.directory.oruk.urls")),
    path("sms/", include("philoxenia_web.directory.sms.urls")),
    path("linkage/", include("philoxenia_web.linkage.urls")),
    path("needs/", include("philoxenia_web.needs.urls")),
    path("studies/", include("philoxenia_web.studies.urls")),
    path("api/", include("philoxenia_web.api.urls")),
    path("", include("philoxenia_web.directory.keep_urls")),
    path("", include("philoxenia_web.studies.home_urls")),
    path("", include("philoxenia_web.accounts.urls")),
]
