"""The lives of a referral, a transfer, a sharing agreement and an emergency opening.

A referral asks another organisation to help; the case stays. A transfer moves the case. What nobody answers
or begins is not forgotten: time moves it into a state of its own, and the sender chases it.
"""

from philoxenia.vocabulary.states import Machine, step

SENDER, RECEIVER, SUPERVISOR, TIME = "sender", "receiver", "supervisor", "time"

# Who has to act next, or that it ended.
WITH_RECEIVER = frozenset({"sent", "opened", "unanswered", "accepted", "begun", "not_begun"})
WITH_SENDER = frozenset({"asked", "left_open"})
LOST = frozenset({"unanswered", "left_open", "not_begun"})

REFERRAL = Machine(
    "referral",
    (
        *("sent", "opened", "unanswered", "asked", "left_open", "accepted", "not_begun", "begun"),
        *("finished", "declined", "withdrawn"),
    ),
    "sent",
    (
        step("open", "sent", "opened", RECEIVER),
        step("ask", ("sent", "opened", "unanswered", "asked", "left_open"), "asked", RECEIVER),
        step("answer", ("asked", "left_open"), "opened", SENDER),
        step("accept", ("sent", "opened", "asked", "unanswered"), "accepted", RECEIVER),
        step("decline", ("sent", "opened", "asked", "unanswered", "left_open"), "declined", RECEIVER),
        step("begin", ("accepted", "not_begun"), "begun", RECEIVER),
        step("finish", ("accepted", "not_begun", "begun"), "finished", RECEIVER),
        step("lapse", ("sent", "opened"), "unanswered", TIME),
        step("lapse", "asked", "left_open", TIME),
        step("lapse", "accepted", "not_begun", TIME),
        step("chase", "unanswered", "sent", SENDER),
        step("chase", "not_begun", "accepted", SENDER),
        step(
            "withdraw",
            ("sent", "opened", "unanswered", "asked", "left_open", "accepted", "not_begun", "begun"),
            "withdrawn",
            SENDER,
        ),
    ),
)

TRANSFER = Machine(
    "transfer",
    ("sent", "opened", "unanswered", "taken_over", "declined", "withdrawn"),
    "sent",
    (
        step("open", "sent", "opened", RECEIVER),
        step("take_over", ("sent", "opened", "unanswered"), "taken_over", RECEIVER),
        step("decline", ("sent", "opened", "unanswered"), "declined", RECEIVER),
        step("lapse", ("sent", "opened"), "unanswered", TIME),
        step("chase", "unanswered", "sent", SENDER),
        step("withdraw", ("sent", "opened", "unanswered"), "withdrawn", SENDER),
    ),
)

AGREEMENT = Machine(
    "sharing agreement",
    ("proposed", "in_force", "refused", "ended"),
    "proposed",
    (
        step("sign", "proposed", "in_force", RECEIVER),
        step("refuse", "proposed", "refused", RECEIVER),
        step("end", ("proposed", "in_force"), "ended", "sender or receiver"),
        step("lapse", "in_force", "ended", TIME),
    ),
)

EMERGENCY = Machine(
    "emergency opening",
    ("open", "over", "justified", "not_justified"),
    "open",
    (
        step("leave", "open", "over", "who opened it"),
        step("lapse", "open", "over", TIME),
        step("find_justified", ("open", "over"), "justified", SUPERVISOR),
        step("find_not_justified", ("open", "over"), "not_justified", SUPERVISOR),
    ),
)

BY_KIND = {"referral": REFERRAL, "transfer": TRANSFER}
ENDS = REFERRAL.ends | TRANSFER.ends
