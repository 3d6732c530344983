# demo and test set themselves up on a machine that has only Python 3.11 or later.
LOCK ?= requirements-dev.lock
DEMO_STAMP := .venv/.installed-requirements.lock
TEST_STAMP := .venv/.installed-$(LOCK)

.PHONY: demo test check bench docs clean

demo: $(DEMO_STAMP)
	.venv/bin/philoxenia demo

test: $(TEST_STAMP)
	.venv/bin/python -m pytest --numprocesses 3 --dist loadgroup $(PYTEST)

check: $(TEST_STAMP)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: $(TEST_STAMP)
	.venv/bin/python benchmarks/run_all.py

docs: $(TEST_STAMP)
	.venv/bin/python -m sphinx -W -b html docs docs/_build/html

clean:
	rm -rf .venv out docs/_build

.venv/.installed-%: % pyproject.toml ops/install
	ops/install $< $@
