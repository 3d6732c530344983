"""What docs/how-to/choose-actions.md says can be typed works on Toronto, small."""

import doctest
import json
import re
import shlex
from pathlib import Path

import pytest

from philoxenia.cli import main
from philoxenia.exchange import read_city
from philoxenia.report.foresight import read_foresight
from philoxenia.workflows.foresight import settings_of

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "how-to" / "choose-actions.md"
TEXT = PAGE.read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    blocks = "".join(re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)).replace("\\\n", " ")
    return [shlex.split(line)[1:] for line in blocks.splitlines() if line.strip()]


def test_the_plan_of_the_page_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    value, plan = commands()
    assert (value[0], plan[0]) == ("value", "plan")
    assert value[1:4] == plan[1:4], "both commands look at the same actions"
    (tmp_path / "cities").symlink_to(ROOT / "cities")
    monkeypatch.chdir(tmp_path)
    assert main(plan) == 0
    assert "Why each action is in or out" in capsys.readouterr().out
    found = read_foresight(tmp_path / "out" / "plan" / "foresight")
    costs = found["plan_costs"].filter(plan=found.main_plan, funder="city")
    assert (costs["mean"] <= costs["budget"]).all()


def test_the_python_of_the_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    outcome = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (outcome.attempted > 8, outcome.failed) == (True, 0)


def test_the_settings_of_the_page_are_read() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    found = settings_of(json.loads(block), read_city(ROOT / "cities" / "toronto"))
    assert found.aim == "cvar"
    assert found.catalogue.action("housing_benefit").changed == ("cost_per_month", "effects.0.size")
