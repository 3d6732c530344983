"""Addresses under /front/appointments/. They carry ids that mean nothing."""

from django.urls import URLPattern, path

from philoxenia_web.casework.appointments.views import booking, days, offering, public

_ONE = "<uuid:appointment_id>"
_DESK = "desks/<uuid:organisation_id>"

urlpatterns: list[URLPattern] = [
    path("", days.appointments, name="appointment-list"),
    path("for/<uuid:resident_id>/", booking.new, name="appointment-new"),
    path("for/<uuid:resident_id>/messages/", public.messages_of, name="appointment-messages-of"),
    path("desk/", offering.offered, name="appointment-offered"),
    path(f"{_DESK}/rooms/new/", offering.new_room, name="appointment-room-new"),
    path(f"{_DESK}/interpreters/new/", offering.new_interpreter, name="appointment-interpreter-new"),
    path("rooms/<uuid:room_id>/", offering.room, name="appointment-room"),
    path("interpreters/<uuid:interpreter_id>/", offering.interpreter, name="appointment-interpreter"),
    path("hours/<uuid:resource_id>/", offering.hours, name="appointment-hours"),
    path("hours/<uuid:resource_id>/away/", offering.absence, name="appointment-absence"),
    path("away/<uuid:absence_id>/drop/", offering.drop_absence, name="appointment-absence-drop"),
    path("calendar/open/", public.open_feed, name="appointment-feed-open"),
    path("calendar/<uuid:feed_id>/end/", public.end_feed, name="appointment-feed-end"),
    path("calendar/<str:token>.ics", public.calendar, name="appointment-calendar"),
    path("messages/<str:token>/", public.no_messages, name="appointment-no-messages"),
    path(f"{_ONE}/", days.appointment, name="appointment"),
    path(f"{_ONE}/step/", days.step, name="appointment-step"),
    path(f"{_ONE}/cancel/", days.cancel, name="appointment-cancel"),
    path(f"{_ONE}/move/", booking.move, name="appointment-move"),
    path(f"{_ONE}/slip/", days.slip, name="appointment-slip"),
]
