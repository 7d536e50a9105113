# make run: the whole story in a browser at http://127.0.0.1:8000
# make test: the tests, on this machine as it is.   make check: what CI runs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1
TESTS ?= tests
ROOMS := config core audit registry credentials trainers lms oversight cms
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup run test check lint types guards test-embedded test-servers bench lock messages browser

setup: $(VENV)/base.stamp
$(VENV)/base.stamp: requirements/base.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/base.txt
	touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/base.stamp
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/dev.txt
	touch $@

run: setup
	$(BIN)/python manage.py serve --prepare --host $(HOST) --port $(PORT)

# A newcomer's test run: SQLite, embedded parts; what needs a server or a browser is skipped by name.
test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n 2 $(TESTS)

check: $(VENV)/dev.stamp lint types guards test-embedded test-servers

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --quiet --lint $(foreach room,$(ROOMS),$(wildcard $(room)/templates))

types: $(VENV)/dev.stamp
	$(BIN)/mypy $(filter-out cms,$(ROOMS))

guards: $(VENV)/dev.stamp
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.deploy_check

test-embedded: $(VENV)/dev.stamp
	TEST_RUN=embedded $(BIN)/python -m pytest -n 2 --cov --cov-branch --cov-report=term:skip-covered $(TESTS)

# The same suite on PostgreSQL and Redis, where they are named (CI names them).
test-servers: $(VENV)/dev.stamp
	@if [ -n "$$TEST_DATABASE_URL" ]; then \
	  TEST_RUN=servers DATABASE_URL=$$TEST_DATABASE_URL CELERY_BROKER_URL=$$TEST_BROKER_URL $(BIN)/python -m pytest -n 2 $(TESTS); \
	else echo "TEST_DATABASE_URL is not set: the run on PostgreSQL and Redis is left to CI"; fi

bench: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench

# After a change of pyproject.toml, with uv (https://docs.astral.sh/uv) at hand.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/base.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements/base.txt -o requirements/dev.txt

messages:
	for room in $(filter-out config,$(ROOMS)); do (cd $$room && test -d locale && ../$(BIN)/python ../manage.py compilemessages --locale zh_Hans) ; done
