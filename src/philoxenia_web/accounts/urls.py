"""Addresses of the accounts app."""

from django.urls import path

from philoxenia_web.accounts.views import invitations, organisations, people, profile, trail

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("invitation/<str:token>/", invitations.accept, name="invitation"),
    path("people/", people.index, name="people"),
    path("people/invite/", invitations.invite, name="invite"),
    path("people/invitations/", invitations.index, name="invitations"),
    path("people/invitations/<uuid:invitation_id>/resend/", invitations.resend, name="invitation-resend"),
    path(
        "people/invitations/<uuid:invitation_id>/withdraw/", invitations.withdraw, name="invitation-withdraw"
    ),
    path("people/<uuid:person_id>/", people.show, name="person"),
    path("people/<uuid:person_id>/roles/<uuid:organisation_id>/", people.roles, name="person-roles"),
    path("people/<uuid:person_id>/close/", people.deactivate, name="person-close"),
    path("people/<uuid:person_id>/reopen/", people.reactivate, name="person-reopen"),
    path("people/<uuid:person_id>/sign-out/", people.sign_out, name="person-sign-out"),
    path(
        "people/<uuid:person_id>/reset-second-factor/", people.reset_second_factor, name="person-reset-factor"
    ),
    path("organisations/", organisations.index, name="organisations"),
    path("organisations/new/", organisations.new, name="organisation-new"),
    path("organisations/<uuid:organisation_id>/", organisations.show, name="organisation"),
    path("organisations/<uuid:organisation_id>/rename/", organisations.rename, name="organisation-rename"),
    path("organisations/<uuid:organisation_id>/close/", organisations.close, name="organisation-close"),
    path("organisations/<uuid:organisation_id>/reopen/", organisations.reopen, name="organisation-reopen"),
    path("trail/", trail.index, name="trail"),
    path("trail/<int:entry_id>/", trail.show, name="trail-entry"),
]
