"""Sentences of the kept pages, in the language of the page. What stands as %(name)s the device fills."""

from typing import Any

from django.utils.translation import gettext as _


def sentences() -> dict[str, Any]:
    """By the names under which the scripts ask for them."""
    return _titles() | _of_keeping() | _faults() | _of_services()


def _titles() -> dict[str, str]:
    return {
        "title_keep": _("Keep this on your phone"),
        "title_home": _("What do you need?"),
        "title_find": _("Search on this phone"),
        "title_guides": _("Step by step"),
        "title_person": _("Talk to a person"),
        "title_missing": _("This page is not on this phone"),
        "title_nothing": _("No connection"),
        "missing": _("It may be newer than what is kept here, or gone. Try again with a connection."),
        "not_here": _("The city does not answer, and nothing in this language is kept on this phone."),
        "others": _("These languages are kept here:"),
        "to_home": _("Search on this phone"),
        "newest": _("Read the newest page (needs internet)"),
    }


def _of_keeping() -> dict[str, str]:
    return {
        "offer": _("%(count)s services and guides, %(size)s to load. Use Wi-Fi if data is dear."),
        "keep": _("Keep it on this phone"),
        "go_on": _("Go on loading"),
        "again": _("Try again"),
        "renew": _("Bring up to date"),
        "forget": _("Remove from this phone"),
        "keeping": _("Loading …"),
        "so_far": _("%(done)s of %(all)s loaded"),
        "here": _("Kept on this phone: %(count)s services and guides (%(size)s)."),
        "as_of": _("From this phone, brought up to date %(ago)s (%(day)s)."),
        "old": _("This is old. Opening hours and numbers may have changed: call before you go."),
        "other_format": _("What is kept here was made for other pages. Bring it up to date to read it."),
        "changed_elsewhere": _("A newer edition has come. You see it when you open the next page anew."),
        "unable": _("This browser cannot keep pages. Try a newer one, or without its private mode."),
    }


def _faults() -> dict[str, str]:
    return {
        "fault_offline": _("The connection broke. What has come is kept: go on when you have internet."),
        "fault_refused": _("The city is just making a new edition. Try again in a minute."),
        "fault_gone": _("The city has just made a new edition. Try again."),
        "fault_broken": _("What came was damaged and was not kept. Try again."),
        "fault_full": _("This phone has no room left. What was kept before is still here."),
        "fault_busy": _("Another window is just loading it."),
        "fault_pages": _("What is kept here was made for other pages. Bring it up to date with internet."),
        "fault_same": _("It is up to date already."),
    }


def _of_services() -> dict[str, str]:
    return {
        "found": _("Found: %(count)s"),
        "found_none": _("Nothing found. Try another word, or fewer filters."),
        "more": _("More"),
        "open": _("Open now, day and night"),
        "open_until": _("Open now, until %(time)s"),
        "opens_today": _("Closed now. Opens today at %(time)s"),
        "opens": _("Closed now. Opens %(day)s at %(time)s"),
        "hours_unknown": _("Opening hours are not known: call first"),
        "closed": _("Closed"),
        "closed_now": _("Closed for the time being"),
        "shut_day": _("Closed"),
        "away": _("%(km)s km away"),
        "free": _("Free of charge"),
        "safe": _("Safe without papers"),
        "safe_long": _("You can come without papers."),
        "not_asked": _("Nobody asks for your status"),
        "not_asked_long": _("Nobody asks for your status."),
        "asked": _("They ask for your status."),
        "wheelchair": _("By wheelchair"),
        "synthetic": _("Not real: for trying out"),
        "hidden": _("The address is not shown, to keep people safe. Call."),
        "cost": _("Cost"),
        "for_whom": _("Who can come"),
        "bring": _("What to bring"),
        "apply": _("How to get it"),
        "wait": _("Waiting time"),
        "spoken": _("Languages spoken"),
        "website": _("Website"),
        "email": _("E-mail"),
        "ages": _("Age %(from)s to %(to)s"),
        "age_from": _("From age %(from)s"),
        "age_to": _("Up to age %(to)s"),
        "extension": _("extension %(number)s"),
        "checked": _("Last checked on %(day)s."),
        "unchecked": _("Not known when this was last checked."),
        "sources": _("Sources"),
        "uncertain": _("Not confirmed today: ask before you rely on it."),
        "machine": _("Translated by a machine, not checked by a person"),
        "outdated": _("Translated from an older text; the newest may differ"),
    }
