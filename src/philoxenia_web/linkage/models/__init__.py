"""What is said of agreements, and of what runs and reviewers found under them."""

from philoxenia_web.linkage.models.agreements import Agreement, Party, Signature
from philoxenia_web.linkage.models.runs import Decision, ReviewPair, Run

__all__ = ["Agreement", "Decision", "Party", "ReviewPair", "Run", "Signature"]
