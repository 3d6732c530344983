"""Addresses under /front/referrals/."""

from django.urls import URLPattern, path

from philoxenia_web.casework.referrals.views import agreements, emergencies, following, sending

urlpatterns: list[URLPattern] = [
    path("", following.sent, name="referrals"),
    path("inbox/", following.inbox, name="referral-inbox"),
    path("new/<uuid:case_id>/", sending.choose, name="referral-choose"),
    path("new/<uuid:case_id>/<uuid:agreement_id>/<uuid:need_id>/", sending.write, name="referral-write"),
    path("new/<uuid:case_id>/<uuid:agreement_id>/transfer/", sending.write, name="referral-transfer"),
    path("agreements/", agreements.listing, name="agreements"),
    path("agreements/new/", agreements.new, name="agreement-new"),
    path("agreements/<uuid:agreement_id>/", agreements.agreement, name="agreement"),
    path("agreements/<uuid:agreement_id>/<slug:verb>/", agreements.step, name="agreement-step"),
    path("emergencies/", emergencies.listing, name="emergencies"),
    path("emergencies/open/", emergencies.open_one, name="emergency-open"),
    path("emergencies/<uuid:emergency_id>/", emergencies.emergency, name="emergency"),
    path("emergencies/<uuid:emergency_id>/<slug:verb>/", emergencies.step, name="emergency-step"),
    path("states/", following.states, name="states"),
    path("<uuid:referral_id>/", following.referral, name="referral"),
    path("<uuid:referral_id>/<slug:verb>/", following.step, name="referral-step"),
]
