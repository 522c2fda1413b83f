# Each target is a line or two; the work is in the command line and in the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check -q
NEEDED := 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'

.PHONY: help demo test test-long lint bench lock clean python

help: ## Say what each target does
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

python:
	@$(PYTHON) -c $(NEEDED) 2>/dev/null || { echo "Python 3.11 or newer with venv is needed; $(PYTHON) is not. Install it (on Debian: python3 and python3-venv), or say PYTHON=/path/to/python3."; exit 1; }

$(VENV)/.app: requirements/app.txt pyproject.toml | python
	@echo "Installing what the program needs …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/app.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.app
	@echo "Installing what the tests need …"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.app ## Run it: demo programme, web server and worker at http://127.0.0.1:8000
	@$(BIN)/bsm-alumni demo

test: lint ## Prove it: lint, types, guards, all tests on SQLite, what depends on the database on PostgreSQL
	@$(BIN)/pytest -n 2 --dist worksteal
	@$(BIN)/pytest -n 2 --dist worksteal --database postgresql

test-long: $(VENV)/.dev ## The long proofs, and all pages on PostgreSQL; their figures belong into docs/figures.md
	@$(BIN)/pytest -m long
	@$(BIN)/pytest -m long --database postgresql
	@$(BIN)/pytest -n 2 --dist worksteal --database postgresql --pages

lint: $(VENV)/.dev ## Style, types and who may import whom
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/.dev ## Times of ranking and pages, as a table
	@$(BIN)/python -m benchmarks

lock: $(VENV)/.dev ## Make the hash-pinned locks anew
	@cd requirements && for kind in app dev; do ../$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 $$kind.in -o $$kind.txt; done

clean: ## Remove the virtual environment, caches and the demo's data
	@rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
