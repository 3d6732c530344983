"""Appointments with rooms, staff and interpreters; reminders; calendar feeds."""
