"""Addresses under /front/queue/."""

from django.urls import URLPattern, path

from philoxenia_web.casework.queue import views

urlpatterns: list[URLPattern] = [
    path("", views.queues, name="queue-list"),
    path("leave/", views.leave, name="queue-leave"),
    path("screen/<str:token>/", views.public_screen, name="queue-screen"),
    path("numbers/<uuid:ticket_id>/", views.ticket, name="queue-ticket"),
    path("numbers/<uuid:ticket_id>/step/", views.step, name="queue-step"),
    path("<uuid:queue_id>/", views.queue, name="queue"),
    path("<uuid:queue_id>/number/", views.take, name="queue-take"),
    path("<uuid:queue_id>/sit/", views.sit, name="queue-sit"),
    path("<uuid:queue_id>/desks/<int:desk>/free/", views.free, name="queue-free"),
    path("<uuid:queue_id>/call/", views.call, name="queue-call"),
    path("<uuid:queue_id>/change/", views.change, name="queue-change"),
]
