# Two commands are enough: `make run` and `make test`. Set-up happens once, and again only
# when a lock file changes.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run screenshots test lint types check bench soak audit quality record train lock clean

run: .venv/.run
	@$(BIN)/python -m bot

screenshots: .venv/.screenshots

test: .venv/.dev
	@$(BIN)/python -m pytest

lint: .venv/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: .venv/.dev
	@$(BIN)/mypy

check: test lint types

bench: .venv/.dev
	@$(BIN)/python -m tests.bench

soak: .venv/.dev
	@$(BIN)/python -m tests.soak $(ARGS)

quality: .venv/.dev
	@$(BIN)/python -m tests.quality $(ARGS)

record: .venv/.dev
	@$(BIN)/python -m tests.quality.test_recorded

train: .venv/.train
	@$(BIN)/python -m tests.quality.training $(ARGS)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv .venv

.venv/.run: requirements.lock | .venv/bin/python
	@echo 'Setting up (once) …' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.screenshots: requirements-screenshots.lock | .venv/bin/python
	@echo 'Setting up the reading of screenshots (once; 350 MB) …' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-screenshots.lock
	@touch $@ .venv/.run

.venv/.dev: requirements-dev.lock | .venv/bin/python
	@echo 'Setting up for development (once) …' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.run .venv/.screenshots

.venv/.train: requirements-train.txt .venv/.dev
	@echo 'Setting up for training (once; large) …' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-train.txt
	@touch $@

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --annotation-style line pyproject.toml

# The largest first, and the others within it: what is tested is what runs.
lock: | .venv/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) --extra screenshots --group dev -o requirements-dev.lock
	@$(COMPILE) --extra screenshots -c requirements-dev.lock -o requirements-screenshots.lock
	@$(COMPILE) -c requirements-dev.lock -o requirements.lock

# Asks PyPI whether anything is known to be vulnerable: needs the network.
audit: | .venv/bin/python
	@$(PYTHON) -m venv .venv/audit
	@.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	@.venv/audit/bin/pip-audit --progress-spinner off --strict --disable-pip --require-hashes -r requirements-dev.lock

clean:
	@rm -rf .venv
