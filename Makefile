# Everything a person or a pipeline does with T-Rex. `make run` works from a fresh clone.

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 3000
# More than there are processors on a small machine: half of the time, tests wait for other processes.
WORKERS ?= 3
# Of the tests in the browser, each has a browser and an app of its own.
WORKERS_E2E ?= 2

RUNTIME := .venv/.requirements-$(shell cat requirements.txt | cksum | tr ' ' '-')
TOOLS := .venv/.requirements-dev-$(shell cat requirements.txt requirements-dev.txt | cksum | tr ' ' '-')

.DEFAULT_GOAL := help
.PHONY: help run dev test unit e2e check fmt bench services clean

help: ## Say what there is
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(RUNTIME) ## Start T-Rex at http://localhost:3000 (PORT=… for another port)
	$(BIN)/python -m trex_app run --port $(PORT)

dev: $(RUNTIME) ## Start T-Rex with hot reload
	$(BIN)/python -m trex_app dev --port $(PORT)

test: unit e2e ## Run every test, from unit to browser

unit: $(TOOLS) ## Run every test but those in the browser
	$(BIN)/python -m pytest tests --ignore=tests/e2e -n $(WORKERS) --dist loadgroup

e2e: $(TOOLS) ## Run the tests in the browser
	$(BIN)/python -m pytest tests/e2e -n $(WORKERS_E2E) --no-loadscope-reorder

check: $(TOOLS) ## Check style, types, import layers and workflow definitions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m trex_app workflows check

fmt: $(TOOLS) ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(TOOLS) ## Measure, beside floors from the same run
	$(BIN)/python -m benchmarks

services: ## Start PostgreSQL, Redis and RabbitMQ where they are installed
	@scripts/services

clean: ## Remove what was built; data in var/ stays
	rm -rf .web .releases .states .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# A stamp per content of the requirements: another content, another stamp, a new installation.
$(RUNTIME): | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@rm -f .venv/.requirements-[0-9]* && touch $@

$(TOOLS): $(RUNTIME)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@rm -f .venv/.requirements-dev-* && touch $@

.venv/bin/python:
	$(PYTHON) -m venv .venv
