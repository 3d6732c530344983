"""May this person use that service: rules run on a person's own answers, where the person is.

Owns rules, questions and their evaluation; keeps no answer and asks nobody's status.
"""

from philoxenia.directory.eligibility.evaluating import Evaluation, Reason, evaluate
from philoxenia.directory.eligibility.questions import Question, question, questions
from philoxenia.directory.eligibility.rules import Rule, RuleError, read_rule
from philoxenia.directory.eligibility.tree import decision_tree

__all__ = [
    "Evaluation",
    "Question",
    "Reason",
    "Rule",
    "RuleError",
    "decision_tree",
    "evaluate",
    "question",
    "questions",
    "read_rule",
]
