# Two commands: `make run` and `make test`. The same lines for Windows stand in README.md.
# A smaller download on Linux: PIP_EXTRA="--index-url ..." as the README explains.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: run test lint types bench
run: $(VENV)/app
	$(BIN)/python -m streamlit run streamlit_app.py

test: $(VENV)/dev lint types
	$(BIN)/python -m pytest -q

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
