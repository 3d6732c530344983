"""A referral from the desk to a partner and back, by its pages: the preview shows all that is seen."""

from uuid import uuid4

from django.urls import reverse
from tests.web.casework_referrals.referral_world import NAME, PHONE, SECRET_PHONE, World

from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.referrals import passing


def filled(front: World, **more: object) -> dict[str, object]:
    told = {
        "key": str(uuid4()),
        "fields_": ["names", "contacts", "languages"],
        "service": "",
        "urgency": "soon",
    }
    return told | {"message": "Kitchen with a step.", "do": "preview"} | more


def written(front: World) -> str:
    return reverse("referral-write", args=[front.case.pk, front.agreement.pk, front.need.pk])


def test_what_the_preview_shows_is_what_the_partner_sees(front: World) -> None:
    browser, told = front.desk.browser(), filled(front)
    assert b"Warm Rooms" in browser.get(reverse("referral-choose", args=[front.case.pk])).content
    preview = browser.post(written(front), told)
    assert preview.status_code == 200, preview.content.decode()
    shown = preview.context["preview"]
    assert [line.values for line in shown.later] == [(NAME,), (PHONE,)]
    assert SECRET_PHONE not in preview.content.decode()

    sent = browser.post(written(front), told | {"do": "send", "shown": "yes", "mark": shown.mark})
    assert sent.status_code == 302, sent.content.decode()
    again = browser.post(written(front), told | {"do": "send", "shown": "yes", "mark": shown.mark})
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
    assert page.context["lines"] == [
        in_order[code] for code in passing.SharedField.values if code in in_order
    ]
    assert NAME in page.content.decode() and SECRET_PHONE not in page.content.decode()


def test_the_outcome_comes_back_and_the_partner_sees_nothing_any_more(front: World) -> None:
    referral, partner, desk = front.send(), front.partner.browser(), front.desk.browser()
    address = reverse("referral", args=[referral.pk])
    for verb, said in (("ask", {"words": "Which floor?"}), ("accept", {}), ("begin", {})):
        assert front.take(partner, referral, verb, **said).status_code == 302
        if verb == "ask":
            assert "Which floor?" in desk.get(address).content.decode()
            assert front.take(desk, referral, "answer", words="The ground floor.").status_code == 302
            assert "The ground floor." in partner.get(address).content.decode()
    done = front.take(partner, referral, "finish", outcome="met", words="Moved in.")
    assert done["Location"] == reverse("referral-inbox")
    assert partner.get(address).status_code == 404
    assert front.need.need not in partner.get(reverse("referral-inbox")).content.decode()
    page = desk.get(address).content.decode()
    assert "The need is met" in page and "Moved in." in page


def test_it_is_sent_only_when_the_person_was_shown_it(front: World) -> None:
    browser, told = front.desk.browser(), filled(front)
    mark = browser.post(written(front), told).context["preview"].mark
    refused = browser.post(written(front), told | {"do": "send", "mark": mark})
    assert refused.status_code == 409 and "agree to this one" in refused.content.decode()
    assert front.partner.browser().get(reverse("referral-inbox")).context["answer"] == []


def test_declining_takes_a_reason_and_closes_the_view(front: World) -> None:
    referral, partner = front.send(), front.partner.browser()
    assert front.take(partner, referral, "decline").status_code == 422
    assert front.take(partner, referral, "decline", reason="met").status_code == 422
    assert front.take(partner, referral, "decline", reason="no_place").status_code == 302
    row = front.fresh(referral)
    assert (row.state, row.reason) == ("declined", "no_place") and row.ended_at is not None
    assert partner.get(reverse("referral", args=[referral.pk])).status_code == 404


def test_a_step_on_an_older_page_is_shown_and_nothing_is_lost(front: World) -> None:
    referral, partner, desk = front.send(), front.partner.browser(), front.desk.browser()
    old = front.fresh(referral).version
    assert front.take(partner, referral, "accept").status_code == 302
    late = desk.post(
        reverse("referral-step", args=[referral.pk, "withdraw"]), {"version": old, "reason": "mistake"}
    )
    assert late.status_code == 422 and "Somebody else changed this meanwhile" in late.content.decode()
    assert front.fresh(referral).state == "accepted"
    # The same answer sent twice is one answer.
    twice = partner.post(reverse("referral-step", args=[referral.pk, "accept"]), {"version": old})
    assert twice.status_code == 302 and front.fresh(referral).state == "accepted"
