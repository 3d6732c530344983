"""The lives of a consent, a request about one's own data, a slip, and a list of people that comes in."""

from philoxenia.vocabulary.states import Machine, step

CONSENT = Machine(
    "consent",
    ("asked", "given", "refused", "withdrawn", "expired"),
    "asked",
    (
        step("give", ("asked", "refused", "withdrawn", "expired"), "given", "resident"),
        step("refuse", ("asked", "withdrawn", "expired"), "refused", "resident"),
        step("renew", "given", "given", "resident"),
        step("withdraw", "given", "withdrawn", "resident"),
        step("run out", "given", "expired", "time"),
    ),
)
REQUEST = Machine(
    "request",
    ("asked", "taken_up", "done", "declined", "taken_back"),
    "asked",
    (
        step("take up", "asked", "taken_up", "caseworker"),
        step("hand on", "taken_up", "asked", "caseworker"),
        step("answer", ("asked", "taken_up"), "done", "caseworker"),
        step("decline", ("asked", "taken_up"), "declined", "supervisor"),
        step("take back", ("asked", "taken_up"), "taken_back", "resident"),
    ),
)
SLIP = Machine(
    "slip",
    ("printed", "open", "locked", "ended"),
    "printed",
    (
        step("open", "printed", "open", "resident"),
        step("lock", "open", "locked", "resident"),
        step("unlock", "locked", "open", "resident"),
        step("end", ("printed", "open", "locked"), "ended", "caseworker"),
        step("run out", ("printed", "open", "locked"), "ended", "time"),
    ),
)
IMPORT = Machine(
    "import",
    ("checking", "refused", "checked", "running", "deciding", "done", "given_up"),
    "checking",
    (
        step("read", "checking", "checked", "time"),
        step("refuse", "checking", "refused", "time"),
        step("take in", "checked", "running", "supervisor"),
        step("leave open", "running", "deciding", "time"),
        step("hand back", "running", "checked", "time"),
        step("finish", ("running", "deciding"), "done", "time"),
        step("give up", ("checking", "refused", "checked", "running", "deciding"), "given_up", "supervisor"),
    ),
)
