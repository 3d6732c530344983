"""A referral from the desk to a partner and back, by its pages: nothing more is seen than the preview showed."""

from uuid import uuid4

import pytest
from django.urls import reverse
from tests.web.casework_referrals.referral_world import NAME, PHONE, SECRET_PHONE, World

from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.referrals import passing


def filled(front: World, **more: object) -> dict[str, object]:
    told = {"key": str(uuid4()), "fields_": ["names", "contacts", "languages"], "service": "", "urgency": "soon"}
    return told | {"message": "Kitchen with a step.", "do": "preview"} | more


def written(front: World) -> str:
    return reverse("referral-write", args=[front.case.pk, front.agreement.pk]) + f"?need={front.need.pk}"


def test_what_the_preview_shows_is_what_the_partner_sees(front: World) -> None:
    browser, told = front.desk.browser(), filled(front)
    assert b"Warm Rooms" in browser.get(reverse("referral-choose", args=[front.case.pk])).content
    preview = browser.post(written(front), told)
    assert preview.status_code == 200, preview.content.decode()
    shown = preview.context["preview"]
    assert [line.values for line in shown.later] == [(NAME,), (PHONE,)]
    assert SECRET_PHONE not in preview.content.decode()

    sent = browser.post(written(front), told | {"do": "send", "mark": shown.mark})
    assert sent.status_code == 302, sent.content.decode()
    again = browser.post(written(front), told | {"do": "send", "mark": shown.mark})
    assert again["Location"] == sent["Location"]

    partner = front.partner.browser()
    page = partner.get(sent["Location"])
    assert page.context["lines"] == shown.now
    assert NAME not in page.content.decode() and PHONE not in page.content.decode()
    assert "Kitchen with a step." in page.content.decode()

    referral = Referral(pk=page.context["row"].pk)
    assert front.take(partner, referral, "accept").status_code == 302
    page = partner.get(sent["Location"])
    in_order = {line.code: line for line in [*shown.now, *shown.later]}
    assert page.context["lines"] == [in_order[code] for code in passing.SharedField.values if code in in_order]
    assert NAME in page.content.decode() and SECRET_PHONE not in page.content.decode()
