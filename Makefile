# make audit: the main job. make test: all tests. Both set themselves up; nothing but Python 3.11+ is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: audit test check format frontend bench bench-articles bench-links bench-web clean

audit: $(VENV)/ready
	@$(BIN)/kb query rests-on
	@echo
	@$(BIN)/kb audit --fail-on never

test: $(VENV)/dev-ready
	$(BIN)/python -m pytest

check: $(VENV)/dev-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/kb fmt --check
	$(BIN)/python -m pytest

format: $(VENV)/dev-ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/kb fmt

# The query editor and the picture's graph, from npm by lock file; the pages work without them, too.
frontend:
	cd frontend && npm ci && npm run build

bench: $(VENV)/dev-ready
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/queries.py

bench-articles: $(VENV)/dev-ready
	$(BIN)/python benchmarks/articles.py

bench-links: $(VENV)/dev-ready
	$(BIN)/python benchmarks/links.py

bench-web: $(VENV)/dev-ready
	$(BIN)/python benchmarks/web.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "evidence-kb needs Python 3.11 or newer; say which: make PYTHON=python3.12 audit")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev-ready: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/ready

clean:
	rm -rf $(VENV) frontend/node_modules src/evidence_kb/_frontend .pytest_cache .mypy_cache .ruff_cache .hypothesis
