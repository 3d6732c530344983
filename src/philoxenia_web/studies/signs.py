"""How the state of a study looks: the kind of its badge."""

from philoxenia_web.studies.models import Study

SIGNS = {
    Study.State.DRAFT: "info",
    Study.State.WAITING: "waiting",
    Study.State.RUNNING: "waiting",
    Study.State.DONE: "success",
    Study.State.CANCELLED: "attention",
    Study.State.FAILED: "problem",
}
