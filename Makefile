# Three commands: `make run`, `make check` while you work, `make test` before a change lands.
# The same lines for Windows stand in README.md.
# A smaller download on Linux: PIP_EXTRA="--index-url ..." as the README explains.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

# Tests run side by side: at most four processes, each with its own browser and servers.
PYTEST = $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist worksteal

.PHONY: run test check lint types bench
run: $(VENV)/app
	$(BIN)/python -m streamlit run streamlit_app.py

test: $(VENV)/dev lint types
	$(PYTEST)

check: $(VENV)/dev lint types
	$(PYTEST) -m "not browser and not slow"

lint: $(VENV)/dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

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
