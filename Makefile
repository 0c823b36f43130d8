# Needs Python 3.11 (with its venv module) and make; everything else is installed into this checkout.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
# Half as many again as there are cores: tests in a browser wait much of their time.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) \* 3 / 2)
TESTS ?= tests
BIN := .venv/bin
# Python keeps what it compiled, also where the machine says otherwise: a run starts dozens of processes, and compiling
# everything anew takes each of them five seconds.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check bench fix down lock

run: ## serve the program with its demonstration: http://localhost:8000
	@exec $(PYTHON) -m infra.bootstrap run --port $(PORT) --host $(HOST)

test: ready ## all tests; TESTS=tests/kernel for some
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(TESTS)

check: ready ## everything that must hold before a change is merged
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m infra.bootstrap.catalogues --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py write_docs --check
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal tests

bench: ## budgets as ratios; stdout is one JSON object
	@$(PYTHON) -m infra.bootstrap environment >&2
	@$(BIN)/python -m infra.bench

fix: ready ## what tools can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

down: ## stop what this checkout started; DELETE=1 removes its data as well
	@$(PYTHON) -m infra.bootstrap down $(if $(DELETE),--delete)

lock: ready ## resolve the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-annotate --no-header -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-annotate --no-header -q -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile --group pyproject.toml:uv --universal --generate-hashes --no-annotate --no-header -q -o infra/bootstrap/uv.txt
	$(BIN)/uv pip compile --group pyproject.toml:node --universal --generate-hashes --no-annotate --no-header -q -o infra/bootstrap/node.txt

.PHONY: ready
ready:
	@$(PYTHON) -m infra.bootstrap ready
