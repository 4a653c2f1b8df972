# Drover's commands. Each sets up what it needs; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
# Options for the command underneath: make up ARGS="--port 9000"
ARGS ?=

.PHONY: help demo demo-reset up test check bench prove openapi
.PHONY: setup python web chromium check-python check-web test-web

help: ## Show this list (the default)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## Run Drover with simulated routers and four client tenants (DEMO_DEVICES=60)
	@exec $(BIN)/drover demo $(ARGS)

demo-reset: python ## Drop the demo's (or the local installation's) data, keys and passwords in .drover
	@$(BIN)/drover erase --yes $(ARGS)

up: setup ## Run Drover itself; the first start prints a link for the first super_admin
	@exec $(BIN)/drover up $(ARGS)

test: setup chromium ## Run all checks and all tests, the browser's included
	@$(MAKE) check
	@$(MAKE) test-web
	@$(BIN)/pytest -m "not prove" $(ARGS)

check: setup ## Lint, format, types and import contracts, of Python and of the web app
	@$(MAKE) -j2 --output-sync=target check-python check-web

openapi: setup ## Describe the API again in web/openapi.json and make the web client's types from it
	@$(BIN)/python -m drover.entrypoints.openapi > web/openapi.json
	@cd web && npm run --silent generate

bench: python ## Measure Drover's promised numbers on this machine
	@for bench in bench/*.py; do $(BIN)/python "$$bench"; done

prove: setup chromium ## Run the long proofs (soaks, planted holes, fuzzing): hours, not minutes
	@$(BIN)/pytest -m prove --timeout=14400 $(ARGS)

setup: # Python and web packages, side by side
	@$(MAKE) -j2 python web

python:
	@scripts/setup-python

web:
	@scripts/setup-web

chromium:
	@scripts/setup-chromium

check-python: python
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports

check-web: web
	@cd web && npm run --silent lint && npm run --silent typecheck

test-web: web
	@cd web && npm run --silent test
