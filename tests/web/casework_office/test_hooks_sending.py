"""Messages to programs: signed so that any library of the standard checks them, and never lost."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.web.casework.desk_world import Desk, desk_of
from tests.web.casework_office.front_world import committed, talk
from tests.web.casework_referrals.referral_world import worker, world

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.cases import close, pause
from philoxenia_web.casework.hooks import actions, sending, signing
from philoxenia_web.casework.models import Appointment, Case, Delivery, Hook, Modification
from philoxenia_web.casework.referrals.answering import open_it
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.outside.asking import Reply
from philoxenia_web.outside.guard import Target
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people.visits import visiting

Sent = list[tuple[Target, bytes, Mapping[str, str]]]


def answering(status: int, seen: Sent | None = None) -> Callable[..., Reply]:
    """A computer of somebody else that answers so, and notes what it got."""

    def send(checked: Target, seconds: float, body: bytes, headers: Mapping[str, str]) -> Reply:
        if seen is not None:
            seen.append((checked, body, headers))
        if status == 0:
            raise ConnectionRefusedError
        return Reply(status)

    return send


def resolved(host: str) -> list[str]:
    """A name that stands for a public address."""
    return ["93.184.216.34"]


def go(status: int, seen: Sent | None = None) -> int:
    """Send what is due."""
    return sending.send_due(answering(status, seen), resolved)


def proved(of: Desk, *kinds: str) -> Hook:
    """An address that answered its trial."""
    with visiting(of.actor):
        made = actions.make(of.actor, of.department.pk, "https://hooks.example.org/in", kinds, uuid4())
        actions.try_out(of.actor, made.pk)
    go(204)
    with visiting(SYSTEM):
        assert Hook.objects.get(pk=made.pk).state == "active"
        Delivery.objects.filter(hook=made).delete()
        made.refresh_from_db()
    return made


@pytest.fixture
def hook(supervisor: Desk) -> Hook:
    """An address that is told of cases."""
    return proved(supervisor, "case", "referral", "appointment")


@pytest.fixture
def case(desk: Desk, hook: Hook) -> Any:
    """A case that was opened while the hook is there."""
    made = desk.open_case(desk.write_down("Tarimzewa Oblankot"))
    committed()
    return made


def only(hook: Hook) -> Delivery:
    """The one message to it."""
    with visiting(SYSTEM):
        return Delivery.objects.get(hook=hook)


def later(**fields: Any) -> None:
    """Let time pass."""
    with visiting(SYSTEM):
        Delivery.objects.update(next_at=timezone.now() - timedelta(seconds=1), **fields)


def test_a_message_says_what_happened_and_nothing_about_anybody(hook: Hook, case: Any) -> None:
    seen: Sent = []
    assert go(204, seen) == 1
    _target, body, _headers = seen[0]
    told = json.loads(body)
    assert told["type"] == "case.open"
    assert told["data"] == {"id": str(case.pk), "state": "open", "version": 1}
    assert b"Tarimzewa" not in body and str(case.resident_id).encode() not in body
    assert only(hook).state == "delivered"
    assert go(204, seen) == 0


def test_anybody_can_check_the_signature_by_the_standard(hook: Hook, case: Any) -> None:
    seen: Sent = []
    go(200, seen)
    _target, body, headers = seen[0]
    with visiting(SYSTEM):
        written = signing.written(signing.secret_of(hook.pk, 1))
    # As the specification says it: id, timestamp and body with dots between.
    key = base64.b64decode(written.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mark}"


def test_the_published_example_has_the_published_signature() -> None:
    # standard-webhooks/libraries, the vector that every library tests.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signing.signed([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_does_not_arrive_is_sent_again_with_the_same_number(hook: Hook, case: Any) -> None:
    seen: Sent = []
    assert go(500, seen) == 1
    assert go(500, seen) == 0, "not before its pause is over"
    later()
    assert go(200, seen) == 1
    assert seen[0][2]["webhook-id"] == seen[1][2]["webhook-id"] and seen[0][1] == seen[1][1]
    assert only(hook).attempts == 2 and only(hook).state == "delivered"


def test_a_sender_that_dies_after_sending_sends_again(
    hook: Hook, case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_told: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_settle", die)
        with pytest.raises(SystemExit):
            go(200)
    assert only(hook).state == "waiting"
    later()
    assert go(200) == 1 and only(hook).state == "delivered"


def test_it_is_given_up_after_the_last_pause_and_can_be_sent_again_by_hand(
    hook: Hook, case: Any, supervisor: Desk
) -> None:
    later(attempts=9)
    go(500)
    given_up = only(hook)
    assert given_up.state == "given_up" and given_up.fault == "status" and given_up.status == 500
    with visiting(supervisor.actor):
        assert [actions.send_again(supervisor.actor, hook.pk) for _twice in range(2)] == [1, 0]
    assert go(200) == 1 and only(hook).state == "delivered"


def test_a_hook_that_is_gone_is_stopped_and_keeps_what_happens(hook: Hook, case: Any, desk: Desk) -> None:
    go(410)
    pause(desk.actor, case.pk, 1)
    committed()
    with visiting(SYSTEM):
        hook.refresh_from_db()
        assert hook.state == "silent"
        assert Delivery.objects.filter(hook=hook, state="waiting").count() == 2
    later()
    assert go(200) == 0


def test_a_redirect_is_not_followed(hook: Hook, case: Any) -> None:
    go(302)
    assert only(hook).fault == "redirect"


def test_a_name_that_turns_inward_later_is_not_opened(hook: Hook, case: Any) -> None:
    seen: Sent = []
    sending.send_due(answering(200, seen), lambda _host: ["169.254.169.254"])
    assert not seen and only(hook).fault == "address"


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.org/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://[::1]/",
        "https://localhost/",
        "https://user:word@hooks.example.org/",
        "https://hooks.example.org:8443/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://" + "a" * 3000 + ".org",
    ],
)
def test_addresses_inside_or_in_the_clear_are_refused(supervisor: Desk, address: str) -> None:
    with visiting(supervisor.actor), pytest.raises(NotPossible):
        actions.make(supervisor.actor, supervisor.department.pk, address, ["case"], uuid4())


def test_both_secrets_sign_for_a_day(hook: Hook, case: Any, supervisor: Desk) -> None:
    with visiting(supervisor.actor):
        before = actions.reveal(supervisor.actor, hook.pk)
        actions.rotate(supervisor.actor, hook.pk, hook.version)
        after = actions.reveal(supervisor.actor, hook.pk)
        with pytest.raises(Conflict):
            actions.rotate(supervisor.actor, hook.pk, hook.version)
    assert before != after
    seen: Sent = []
    go(200, seen)
    assert len(seen[0][2]["webhook-signature"].split()) == 2
    with visiting(SYSTEM):
        Hook.objects.update(generation_since=timezone.now() - timedelta(days=2))
        actions.try_out(supervisor.actor, hook.pk)
    go(200, seen)
    assert len(seen[1][2]["webhook-signature"].split()) == 1


def test_an_address_is_told_once_a_trial_arrived_and_trials_are_few(supervisor: Desk, desk: Desk) -> None:
    actor, place = supervisor.actor, supervisor.department.pk
    with visiting(actor):
        one, other = (
            actions.make(actor, place, f"https://{name}.example.org/", ["case"], uuid4()) for name in "ab"
        )
    desk.open_case(desk.write_down("Amal Haddad"))
    committed()
    with visiting(actor):
        assert not Delivery.objects.exists()
        first = actions.try_out(actor, one.pk)
        with pytest.raises(NotPossible, match="on its way"):
            actions.try_out(actor, one.pk)
    assert go(503) == 1
    with visiting(SYSTEM):
        first.refresh_from_db()
        one.refresh_from_db()
        assert (first.state, one.state) == ("given_up", "new"), "a trial is not tried again by itself"
    with visiting(actor):
        assert actions.send_again(actor, one.pk) == 0
        for turn in range(9):
            actions.try_out(actor, (one, other)[turn % 2].pk)
            go(503)
        for hook in (one, other):
            with pytest.raises(NotPossible, match="often"):
                actions.try_out(actor, hook.pk)
        Delivery.objects.update(at=timezone.now() - timedelta(hours=2))
        actions.try_out(actor, one.pk)
    assert go(204) == 1
    with visiting(SYSTEM):
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.state, other.state) == ("active", "new")


def waiting(hook: Hook, count: int) -> None:
    """So many messages that wait for an address, the oldest of all."""
    at = timezone.now() - timedelta(hours=1)
    with visiting(SYSTEM):
        Delivery.objects.bulk_create(
            Delivery(
                hook=hook,
                kind="case",
                object_id=uuid4(),
                object_state="open",
                object_version=1,
                at=at,
                next_at=at,
            )
            for _one in range(count)
        )


def test_nobody_waits_for_the_addresses_of_others(hook: Hook) -> None:
    partner = proved(desk_of("Warm Rooms", Role.SUPERVISOR), "case")
    waiting(partner, 300)
    waiting(hook, 1)
    seen: Sent = []
    assert go(500, seen) == 21, "twenty of one organisation in a run, and what others have"
    later()
    # Where nothing answered, one message finds out whether that is over.
    with visiting(SYSTEM):
        assert [one.hook_id for one in sending._take_up()] in ([hook.pk, partner.pk], [partner.pk, hook.pk])
        Hook.objects.filter(pk=partner.pk).update(failing_since=None)
        partner.organisation.active = False
        partner.organisation.save()
    later()
    with visiting(SYSTEM):
        assert [one.hook_id for one in sending._take_up()] == [hook.pk]


def test_what_happens_while_it_is_paused_waits_and_nothing_is_kept_for_ever(
    hook: Hook, supervisor: Desk, desk: Desk
) -> None:
    with visiting(supervisor.actor):
        actions.step(supervisor.actor, hook.pk, "pause", hook.version)
    desk.open_case(desk.write_down("Amal Haddad"))
    committed()
    assert go(204) == 0
    assert only(hook).state == "waiting"
    waiting(hook, 2)
    with visiting(SYSTEM):
        Delivery.objects.filter(next_at__lt=timezone.now() - timedelta(minutes=30)).update(
            at=timezone.now() - timedelta(days=31)
        )
    assert sending.forget_old() == 2
    with visiting(supervisor.actor):
        hook.refresh_from_db()
        actions.step(supervisor.actor, hook.pk, "resume", hook.version)
    assert go(204) == 1
    waiting(hook, 2)
    with visiting(supervisor.actor):
        hook.refresh_from_db()
        actions.step(supervisor.actor, hook.pk, "end", hook.version)
        assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered", "given_up"}
        with pytest.raises(NotPossible):
            actions.send_again(supervisor.actor, hook.pk)


def test_an_organisation_has_ten_addresses_and_a_key_of_others_makes_none(
    hook: Hook, supervisor: Desk
) -> None:
    other = desk_of("Public Health", Role.SUPERVISOR)
    with visiting(other.actor), pytest.raises(NotPossible, match="this moment"):
        actions.make(other.actor, other.department.pk, "https://b.example.org/", ["case"], hook.key)
    with visiting(supervisor.actor):
        place = supervisor.department.pk
        for number in range(9):
            actions.make(supervisor.actor, place, f"https://{number}.example.org/", ["case"], uuid4())
        with pytest.raises(NotPossible, match="ten"):
            actions.make(supervisor.actor, place, "https://b.example.org/", ["case"], uuid4())


def test_the_page_proves_an_address_and_sends_again_what_was_given_up(
    hook: Hook, case: Any, supervisor: Desk
) -> None:
    browser, page = supervisor.browser(), reverse("hook", args=[hook.pk])
    later(attempts=9)
    go(500)
    assert reverse("hook-again", args=[hook.pk]) in browser.get(page).content.decode()
    assert browser.post(reverse("hook-again", args=[hook.pk])).status_code == 302
    assert only(hook).state == "waiting"
    assert reverse("hook-again", args=[hook.pk]) not in browser.get(page).content.decode()
    stranger = desk_of("Public Health", Role.SUPERVISOR).browser()
    assert stranger.post(reverse("hook-again", args=[hook.pk])).status_code == 404


def test_both_sides_of_a_referral_are_told_but_not_of_protected_people(db: None) -> None:
    front = world()
    committed()
    chief = worker(front.desk.department, Role.SUPERVISOR)
    hooks = [proved(one, "case", "referral", "appointment") for one in (chief, front.partner)]
    referral = front.send()
    committed()
    with visiting(SYSTEM):
        told = sorted(Delivery.objects.values_list("kind", "object_state", "hook_id"))
        assert told == sorted(("referral", "sent", one.pk) for one in hooks)
        Delivery.objects.all().delete()
        Resident.objects.filter(pk=front.resident_id).update(restricted=True)
    open_it(front.partner.actor, referral.pk)
    talk(front.desk, front.resident_id, front.case)
    committed()
    with visiting(SYSTEM):
        assert not Delivery.objects.exists()
        Resident.objects.filter(pk=front.resident_id).update(restricted=False)
        # A case that moves is gone where it was, and begins where it comes to.
        Case.objects.filter(pk=front.case.pk).update(organisation=desk_of("Parks").department)
        Appointment.objects.all().delete()
    committed()
    with visiting(SYSTEM):
        told = set(Delivery.objects.values_list("kind", "object_state", "hook_id"))
    assert told == {("case", "gone", hooks[0].pk), ("appointment", "gone", hooks[0].pk)}


def test_others_hear_nothing_and_restricted_cases_are_told_to_nobody(desk: Desk, hook: Hook) -> None:
    other = desk_of("Public Health")
    other.open_case(other.write_down("Amal Haddad"))
    desk.open_case(desk.write_down("Tarik Osman", 1950, restricted=True))
    committed()
    with visiting(SYSTEM):
        assert not Delivery.objects.filter(hook=hook).exists()


def test_changes_are_numbered_in_the_order_in_which_they_are_seen(desk: Desk, case: Any) -> None:
    with visiting(SYSTEM):
        before = Modification.objects.get(object_id=case.pk)
    other = desk.open_case(desk.write_down("Amal Haddad"))
    committed()
    close(desk.actor, case.pk, 1, "met")
    committed()
    with visiting(SYSTEM):
        after, between = (Modification.objects.get(object_id=one.pk) for one in (case, other))
    assert before.at < between.at < after.at
