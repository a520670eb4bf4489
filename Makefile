# Needs Python 3.11 or newer and make, nothing else: every target makes its own
# virtual environment from requirements/, where each package is pinned with its hashes.
#
#     make demo     a quarter of a district, written to build/demo/
#     make test     the tests, in a few minutes
#     make check    everything that must hold before a change is taken

# Branch coverage wanted of domain/ and engine/, in per cent. Raise it, never lower it.
COVERAGE_GATE ?= 99
# How long Hypothesis searches: fast, ci or long (tests/conftest.py).
PROFILE ?= fast
# Test processes at a time.
JOBS ?= 2
# What `make test` leaves for longer runs.
SKIP ?= long or faults

VENV ?= .venv
BIN = $(VENV)/bin
RUN = $(BIN)/python
VENVS = build/venvs
DIST = build/dist
PIP = -m pip --disable-pip-version-check -qq

# The newest supported Python here that starts: a shim may be found and yet not run.
FIND_PYTHON = for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v $$name && break; done
PYTHON ?= $(shell $(FIND_PYTHON))

PLUGINS = $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
# Folders that hold Python now; an empty one would stop mypy.
TYPED = conftest.py $(shell for folder in src tests tools typing_tests examples \
	benchmarks; do find $$folder -name '*.py' 2>/dev/null | head -1 | cut -d/ -f1; done)
DOCUMENTS = $(wildcard README.md README.zh.md docs plugins/*/README.md examples/*/README.md) src
# What can be asked of the installed wheel without the files beside it.
WHEEL_TESTS = $(wildcard tests/domain tests/engine tests/storage tests/formats \
	tests/channels tests/cli tests/properties)
SQLALCHEMY20_TESTS ?= $(wildcard tests/storage tests/properties tests/scenarios)

.DEFAULT_GOAL = help
.NOTPARALLEL:
.PHONY: help install demo test check bench docs faults pictures reference format lint types \
	contracts house coverage wheel plugins pythons sqlalchemy20 lock clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

# --- the virtual environment -------------------------------------------------------

install: $(VENV)/.installed ## make the virtual environment

$(VENV)/.installed: pyproject.toml requirements/dev.txt \
		$(addsuffix /pyproject.toml,$(PLUGINS))
	@test -n "$(PYTHON)" || { \
		echo "Missing: Python 3.11 or newer (package python3)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Missing: venv for $(PYTHON) (package python3-venv)." >&2; exit 1; }
	@echo "Installing into $(VENV) ..."
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) $(PIP) install --require-hashes --requirement requirements/dev.txt
	@$(RUN) $(PIP) install --no-deps --no-build-isolation \
		--editable . $(addprefix --editable ./,$(PLUGINS))
	@touch $@

# --- what people run ---------------------------------------------------------------

demo: install ## play the district's quarter into build/demo/
	@$(RUN) examples/district/demo.py

test: install ## run the tests
	$(RUN) $(COVER) -m pytest -n $(JOBS) -m "not ($(SKIP))" \
		--hypothesis-profile=$(PROFILE)

check: install ## run everything that must hold
	@$(MAKE) lint types contracts house
	@$(MAKE) coverage
	@$(MAKE) docs wheel plugins
	@echo "All checks hold."

bench: install ## measure
	$(RUN) -m benchmarks

docs: install ## run every code block and docstring example
	$(RUN) -m pytest $(DOCUMENTS)

faults: install ## crash, kill and race on purpose; search long
	$(RUN) -m pytest -n $(JOBS) -m "long or faults" --hypothesis-profile=long

pictures: install ## draw the README's pictures again
	$(RUN) -m tools.pictures

reference: install ## write the reference again from what the code says
	$(RUN) -m tools.reference

# --- what the checks are made of ---------------------------------------------------

format: install ## lay out the code, mend what can be mended
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lint: install ## layout and rules
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: install ## mypy, strict
	$(BIN)/mypy $(TYPED)
	@set -e; for plugin in $(PLUGINS); do echo "$$plugin:"; \
		MYPYPATH=$$plugin/src:$$plugin $(BIN)/mypy $$plugin/src $$plugin/tests; done

contracts: install ## imports point down
	$(BIN)/lint-imports --no-logo --cache-dir build/import-linter

house: install ## sizes, sentences, files, foreign words
	$(RUN) -m tools.check_house

# The tests of `make test`, searched longer and with their branches counted, in the
# test processes and in those that they start.
coverage: export COVERAGE_FILE = $(abspath build/coverage/data)
coverage: install ## run the tests and count the branches they take
	@rm -rf build/coverage && mkdir -p build/coverage
	@$(MAKE) test PROFILE=ci SKIP=faults COVER="-m coverage run"
	@$(RUN) -m coverage combine --quiet
	@$(RUN) -m coverage report
	@echo "domain/ and engine/ alone, wanted $(COVERAGE_GATE) %:"
	@$(RUN) -m coverage report --fail-under=$(COVERAGE_GATE) \
		--include='src/duban_flow/domain/*,src/duban_flow/engine/*'

# Built from the source distribution, so that one is proved complete as well.
wheel: install ## build the wheel and test it, installed by itself
	@rm -rf $(DIST) $(VENVS)/wheel build/wheel
	$(RUN) -m build --no-isolation --outdir $(DIST) .
	@$(RUN) -m venv $(VENVS)/wheel
	@$(VENVS)/wheel/bin/python $(PIP) install --require-hashes \
		--requirement requirements/testing.txt
	@$(VENVS)/wheel/bin/python $(PIP) install --no-deps $(DIST)/*.whl
	@$(VENVS)/wheel/bin/python $(PIP) check
	@mkdir -p build/wheel/tools
	@cp -R pyproject.toml conftest.py tests tools/smoke.py $(wildcard examples) build/wheel
	@cp tools/__init__.py tools/verify_deadline.py build/wheel/tools
	cd build/wheel && ../venvs/wheel/bin/python smoke.py
	cd build/wheel && ../venvs/wheel/bin/python -m pytest -n $(JOBS) \
		-m "not ($(SKIP))" $(WHEEL_TESTS)

plugins: install ## run each plugin's own tests
	@set -e; for plugin in $(PLUGINS); do echo "$$plugin:"; \
		(cd $$plugin && $(abspath $(RUN)) -m pytest tests); done

pythons: install ## run the tests on each Python from 3.11 to 3.13 that is here
	@set -e; for version in 3.11 3.12 3.13; do \
		python$$version -c '' 2>/dev/null || { echo "No Python $$version."; continue; }; \
		echo "Python $$version:"; folder=$(VENVS)/python$$version; rm -rf $$folder; \
		python$$version -m venv $$folder; \
		$$folder/bin/python $(PIP) install --require-hashes \
			--requirement requirements/dev.txt; \
		$$folder/bin/python $(PIP) install --no-deps --no-build-isolation \
			--editable . $(addprefix --editable ./,$(PLUGINS)); \
		$$folder/bin/python -m pytest -n $(JOBS) -m "not ($(SKIP))"; done

sqlalchemy20: install ## run the storage tests on SQLAlchemy 2.0
	@rm -rf $(VENVS)/sqlalchemy20 build/sqlalchemy20
	@$(RUN) -m venv $(VENVS)/sqlalchemy20
	@$(VENVS)/sqlalchemy20/bin/python $(PIP) install --require-hashes \
		--requirement requirements/sqlalchemy20.txt
	@$(RUN) $(PIP) wheel --no-deps --no-build-isolation --wheel-dir build/sqlalchemy20 .
	@$(VENVS)/sqlalchemy20/bin/python $(PIP) install --no-deps build/sqlalchemy20/*.whl
	$(VENVS)/sqlalchemy20/bin/python -m pytest -n $(JOBS) \
		-m "not ($(SKIP))" $(SQLALCHEMY20_TESTS)

LOCK = $(VENVS)/lock/bin/uv pip compile --quiet --upgrade --universal \
	--python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --extra testing pyproject.toml

lock: install ## pin the newest releases again, with their hashes
	@$(RUN) -m venv --clear $(VENVS)/lock
	@$(VENVS)/lock/bin/python $(PIP) install 'uv>=0.13,<0.14'
	$(LOCK) requirements/dev.in --output-file requirements/dev.txt
	$(LOCK) requirements/testing.in --constraint requirements/dev.txt \
		--output-file requirements/testing.txt
	$(LOCK) requirements/sqlalchemy20.in --output-file requirements/sqlalchemy20.txt

clean: ## throw away what was made
	rm -rf build .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
