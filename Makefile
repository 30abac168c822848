# Three commands: `make run`, `make check` while you work (only what your changes can break),
# `make test` before a change lands.
# The same lines for Windows stand in README.md.
# A smaller download on Linux: PIP_EXTRA="--index-url ..." as the README explains.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

# Tests run side by side: at most four processes, each with its own browser and servers.
PYTEST = $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist worksteal

.PHONY: run test check lint types js bench
run: $(VENV)/app
	$(BIN)/python -m streamlit run streamlit_app.py

test: $(VENV)/dev lint types js
	$(PYTEST)

check: $(VENV)/dev lint types js
	$(PYTEST) --changed -m "not browser and not slow"

lint: $(VENV)/dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

# The scripts of the browser, with the types that TypeScript finds by itself.
js:
	@if command -v npx >/dev/null; then npx --yes --package=typescript@5.9.3 tsc -p jsconfig.json; \
	elif [ -n "$$CI" ]; then echo "The scripts cannot be checked: install node and npm." >&2; exit 1; \
	else echo "The scripts are not checked: that takes node and npm."; fi

bench: $(VENV)/dev
	$(BIN)/python -m benchmarks

$(VENV)/app: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $(PIP_EXTRA) -r requirements.txt
	touch $@

$(VENV)/dev: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $(PIP_EXTRA) -r requirements-dev.txt
	touch $@
