"""Named chains of the capabilities; the only place where one feeds another."""

from philoxenia.workflows.run import RunResult, open_city, run_city

__all__ = ["RunResult", "open_city", "run_city"]
