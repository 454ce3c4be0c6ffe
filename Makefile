# The doors of the house. `make` alone shows them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run
DEV_STAMP := $(VENV)/.dev
CLUSTER_STAMP := $(VENV)/.cluster
PAGES_STAMP := tests/browser/node_modules/.package-lock.json
DEMO := demo
# Where it is our processes that are killed and not the server, which writes as ever, its disk need not be waited for: fsync=off.
# Two workers with half of the tests each, so that what a module prepares is mostly prepared once; who is done takes from the other.
SHARED := -n 2 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test check prove bench lock assets pictures clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Chengxin needs Python 3.11 or newer, this is %d.%d" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(RUN_STAMP) ## a made-up district: three years of files taken in, its platform served with accounts for every desk
	$(BIN)/chengxin demo --out $(DEMO) --serve

check: $(DEV_STAMP) ## format, lint, types, import contracts, catalogue: under 30 s
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/chengxin standards lint

test: $(DEV_STAMP) $(PAGES_STAMP) check ## everything that must hold before a commit lands
	@for one in chromium java node; do command -v $$one >/dev/null || echo "!! No $$one here: pages are NOT all tried in a browser (apt-get install chromium default-jre-headless npm)."; done
	$(BIN)/pytest $(SHARED) -m "not prove" --ignore=tests/browser
	$(BIN)/pytest $(SHARED) -m "not prove" tests/browser # by itself: its driver's event loop is in the way of Django's tests
	@PG_OPTIONS="-c fsync=off" $(BIN)/python tests/store/postgres.py $(BIN)/pytest $(SHARED) tests/store tests/site/test_search.py -m "not prove" || [ $$? -eq 3 ]

prove: $(DEV_STAMP) $(PAGES_STAMP) ## the long fault and property runs, every page through outside checkers, and the same stages through Spark where there is Java
	$(BIN)/pytest $(SHARED) -m prove --ignore=tests/browser
	$(BIN)/pytest $(SHARED) -m prove tests/browser
	@PG_OPTIONS="-c fsync=off" $(BIN)/python tests/store/postgres.py $(BIN)/pytest $(SHARED) tests/store -m prove || [ $$? -eq 3 ]
	@PG_OPTIONS="-c fsync=off" $(BIN)/python tests/store/postgres.py $(BIN)/pytest $(SHARED) tests/browser/test_tasks.py || [ $$? -eq 3 ]
	@if command -v java >/dev/null; then $(MAKE) --no-print-directory $(CLUSTER_STAMP) && $(BIN)/pytest tests/engines; \
	else echo "!! No Java here: the stages were NOT run through Spark."; fi

$(CLUSTER_STAMP): requirements-cluster.txt $(DEV_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-cluster.txt
	@touch $@

$(PAGES_STAMP): tests/browser/package-lock.json
	@cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json \
	|| echo "!! npm could not install the checkers of pages: pages are NOT checked by them."

pictures: $(DEV_STAMP) ## pictures of every page, wide and on a phone, into docs/
	$(BIN)/python -m tests.browser.pictures

bench: $(DEV_STAMP) ## every figure we claim, each against a peer in the same run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	$(BIN)/python benchmarks/run.py

lock: $(DEV_STAMP) ## pin the dependencies again, with hashes and without an index address
	$(BIN)/python -m pip install --quiet "uv>=0.13"
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --unsafe-package pip --quiet --constraint benchmarks/build.in benchmarks/build.in -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --constraint requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --extra bench --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --constraint requirements.txt -o requirements-bench.txt
	$(BIN)/uv pip compile pyproject.toml --extra cluster --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --constraint requirements.txt -o requirements-cluster.txt

assets: ## take the script of the charts anew from its package, as the lock in assets/ says
	cd assets && npm ci --ignore-scripts --no-audit --no-fund
	cp assets/node_modules/echarts/dist/echarts.common.min.js src/chengxin/site/static/

clean: ## remove what the other commands made
	rm -rf $(VENV) $(DEMO) .cache .hypothesis .import_linter_cache
