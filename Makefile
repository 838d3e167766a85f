# make demo      try the bot on an invented municipality; no Slack account needed
# make test      the tests that every change must pass (under three minutes)
# make test-all  those, on PostgreSQL too, and the slow ones and the browser (under twenty minutes)
# make bench     how fast a question travels, on both databases, with one and two bots (ten minutes; ARGS="--json FILE")
# make torture   faults at random from a seed, and what must hold after each few (about an hour; ARGS="--faults 100 --seed 7")
# make simulate  a year of questions by the real rules, without a database, then a week with one (two minutes)
# make install   what the bot needs, into .venv: for whoever runs it (docs/operations.md)
# make check     style, types and the house's imports only
# make lock      renew the two lock files from pyproject.toml
# make migration name="what it does"   write the next migration from what differs

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
CODE := bot handlers models workspace tests benchmarks

# Compiled once, not by every process that a test starts, whatever this machine says elsewhere.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo install test test-all bench torture simulate check lock migration clean

demo: $(VENV)/.ready $(VENV)/.learnt
	@$(BIN)/supportstuga demo $(ARGS)

install: $(VENV)/.ready $(VENV)/.learnt

test: check
	@$(BIN)/pytest -n 2 --dist worksteal -q -m "not slow and not browser" --ignore tests/browser

test-all: check
	@EFFORT=whole $(BIN)/pytest -n 2 --dist worksteal -q --databases both

bench: $(VENV)/.ready-dev
	@$(BIN)/python benchmarks/flow.py $(ARGS)

torture: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.faults.torture $(ARGS)

simulate: $(VENV)/.ready-dev
	@$(BIN)/python benchmarks/year.py --out docs $(ARGS)

check: $(VENV)/.ready-dev $(VENV)/.learnt
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 2

# ---- set-up: runs again only when a lock file or pyproject.toml has changed ----

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the bot needs ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bot handlers models workspace  # who runs it may not be allowed to keep it
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/pytest -p no:xdist --collect-only -qq > /dev/null || true  # compiles the tests
	@touch $@ $(VENV)/.ready

# What the shipped phrasings teach, kept beside them: a start learns it anew where this is missing or out of date.
$(VENV)/.learnt: $(wildcard models/data/*.csv) models/likeness.py models/recognition.py models/catalogue.py models/weighed.py models/spoken.py
	@$(BIN)/python -c 'from models import catalogue, recognition, weighed; recognition.keep(catalogue.load()); weighed.keep()'
	@touch $@

# The first Python that is new enough and can make a virtual environment.
$(VENV)/bin/python:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	  command -v $$python >/dev/null || continue; \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue; \
	  new=$$python; \
	  $$python -c 'import venv, ensurepip' 2>/dev/null || continue; \
	  exec $$python -m venv $(VENV); \
	done; \
	if [ -n "$$new" ]; then \
	  echo "$$new cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2; \
	else \
	  echo "Python 3.11 or later is needed, and is not here. On Debian or Ubuntu: apt install python3 python3-venv" >&2; \
	fi; exit 1

# ---- for developers ----

# uv lives in a folder of its own that is thrown away; the lock files carry hashes and no addresses.
UV := $(VENV)-lock
COMPILE = $(UV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-annotate --no-header pyproject.toml
lock:
	@rm -rf $(UV) && python3 -m venv $(UV) && $(UV)/bin/python -m pip --disable-pip-version-check install --quiet uv
	@$(COMPILE) --extra build -o requirements.lock
	@$(COMPILE) --extra dev -o requirements-dev.lock
	@rm -rf $(UV)

migration: $(VENV)/.ready-dev
	@test -n "$(name)" || { echo 'Say what it does: make migration name="..."' >&2; exit 2; }
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	  NAME="$(name)" URL="sqlite:///$$folder/draft.db" $(BIN)/python -c \
	  'import os; from models import migrations; migrations.draft(os.environ["URL"], os.environ["NAME"])'
	@sed -i '/### .* Alembic/d' models/migrations/versions/0*.py
	@$(BIN)/ruff format --quiet models/migrations/versions && $(BIN)/ruff check --quiet --fix models/migrations/versions

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
