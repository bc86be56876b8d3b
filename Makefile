# Everything runs in .venv, which the first target that needs it makes.
# Needs make and Python 3.11 or newer; PYTHON=/path/to/python chooses another one.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin

.PHONY: demo test check bench clean

demo: .venv/installed  ## play the five questions and a simulated quarter
	@$(BIN)/hubtwin demo

test: .venv/installed  ## run the test suite
	$(BIN)/python -m pytest -n auto $(PYTEST)

check: .venv/installed  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed  ## measure the hot paths beside their limits
	$(BIN)/python -m pytest benchmarks --benchmark-only --benchmark-columns=median,iqr,rounds -p no:xdist -q

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache dist

.venv/installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "HubTwin needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
