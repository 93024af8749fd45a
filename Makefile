# The only commands anyone learns. Everything they need is installed by them; nothing is changed outside this
# folder, but for system packages, which are named aloud before.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run dev seed run-vendors fakes test test-fast check bench chaos lock api-types state-diagrams vendor-tables clean \
	system-run system-test tools

PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
SIZE ?= small
ROUNDS ?= 3
SEED ?=
VENV := Backend/.venv
PY := $(abspath $(VENV))/bin/python
FRONTEND_SOURCES := $(shell find Frontend/src Frontend/public -type f 2>/dev/null | sed 's/ /\\ /g') \
	$(wildcard Frontend/index.html Frontend/vite.config.ts Frontend/tsconfig*.json Frontend/scripts/*.mjs Frontend/package.json)

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run-installed Frontend/dist/.built ## install what is missing, build, and serve on http://localhost:8000 (PORT=…)
	@cd Backend && exec .venv/bin/python -m app.serve --host $(HOST) --port $(PORT)

dev: $(VENV)/.test-installed Frontend/node_modules/.installed ## both sides with reload: pages on http://localhost:5173, API on PORT
	@scripts/dev $(PORT)

seed: $(VENV)/.run-installed ## a person with three finished interviews, one with video, made by the product itself
	@cd Backend && .venv/bin/python -m seed

fakes: $(VENV)/.test-installed ## serve a stand-in for each vendor, each on a port of its own, until Ctrl+C
	@cd Backend && exec .venv/bin/python -m fakes

run-vendors: $(VENV)/.test-installed Frontend/dist/.built ## the product wired to those stand-ins: the vendor journey without an account
	@cd Backend && exec .venv/bin/python -m fakes.run_vendors --port $(PORT)

test: system-test $(VENV)/.test-installed Frontend/dist/.built ## everything that must hold: checks, backend, frontend, whole journeys in a browser
	@scripts/test

test-fast: $(VENV)/.test-installed ## the pure tests alone, in seconds: no server, no database
	@cd Backend && .venv/bin/python -m pytest --pure -n 2 --dist worksteal

check: $(VENV)/.test-installed Frontend/node_modules/.installed ## types, style, arrows, freshness of generated files
	@scripts/check

bench: system-test $(VENV)/.test-installed Frontend/dist/.built ## measure what the product promises
	@scripts/bench

chaos: $(VENV)/.test-installed ## kills, full disks and broken lines at random; nothing may be lost (SIZE=night ROUNDS=20 SEED=…)
	@cd Backend && .venv/bin/python -m chaos --size $(SIZE) --rounds $(ROUNDS) $(if $(SEED),--seed $(SEED))

api-types: $(VENV)/.test-installed Frontend/node_modules/.installed ## regenerate docs/openapi.json, the frontend's types and its limits from the code
	@cd Backend && .venv/bin/python -m app.openapi > ../docs/openapi.json.new && mv ../docs/openapi.json.new ../docs/openapi.json
	@cd Backend && .venv/bin/python -m app.limits_ts
	@cd Frontend && npm run --silent api-types

vendor-tables: $(VENV)/.test-installed ## write the vendors' part of .env.example, README.md and docs/vendors.md from the code
	@cd Backend && .venv/bin/python -m app.vendor_tables

state-diagrams: $(VENV)/.test-installed ## draw docs/lifecycles.md from the tables of transitions
	@cd Backend && .venv/bin/python -m app.state_diagrams

lock: tools ## write the Python lock files anew from Backend/pyproject.toml
	@scripts/lock

clean: ## remove what was installed and built; your data stays
	rm -rf $(VENV) Frontend/node_modules Frontend/dist .cache

tools:
	@scripts/require-python $(PYTHON)
	@scripts/require-node

system-run: tools
	@scripts/system-packages run $(PYTHON)

system-test: tools
	@scripts/system-packages test $(PYTHON)

$(VENV)/.run-installed: Backend/requirements.lock | system-run
	@scripts/install-python $(PYTHON) $(VENV) requirements.lock && touch $@

# The test set contains the run set, so a tested folder runs without another install.
$(VENV)/.test-installed: Backend/requirements-dev.lock Backend/requirements.lock | system-test
	@scripts/install-python $(PYTHON) $(VENV) requirements-dev.lock && touch $(VENV)/.run-installed $@

Frontend/node_modules/.installed: Frontend/package-lock.json Frontend/package.json | tools
	@echo "Installing the frontend's packages …"
	@cd Frontend && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.installed

Frontend/dist/.built: Frontend/node_modules/.installed $(FRONTEND_SOURCES)
	@echo "Building the frontend …"
	@cd Frontend && npm run --silent build -- --logLevel warn && touch dist/.built
