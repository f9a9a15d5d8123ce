# Nothing but Python 3.11+ and make is needed. `make study` is the whole app, `make cards` the app without the lab runtime.
VENV   ?= .venv
PYTHON ?= python3
BIN     = $(VENV)/bin
PIP     = $(BIN)/python -m pip --disable-pip-version-check
ARGS   ?=
# One test process more than cores: a third of the tests' time is waiting for other processes and for clocks.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# PyTorch's public CPU index: the ordinary Linux wheel brings gigabytes of CUDA that a laptop cannot use.
TORCH       = torch>=2.10,<2.14
TORCH_INDEX = https://download.pytorch.org/whl/cpu

.PHONY: study cards labs setup test test-slow check bench clean
.DEFAULT_GOAL := study

study: $(VENV)/.labs                 ## the app with its labs
	@$(BIN)/studyapp $(ARGS)

cards: $(VENV)/.core                 ## the app at once, without the lab runtime
	@$(BIN)/studyapp $(ARGS)

labs: $(VENV)/.labs                  ## add the lab runtime to what `make cards` installed

setup: $(VENV)/.dev                  ## everything, with the tools of development

test: $(VENV)/.dev                   ## the test suite
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q $(ARGS)

test-slow: $(VENV)/.dev              ## the long tests
	@$(BIN)/python -m pytest -n auto --dist worksteal -q -m slow $(ARGS)

check: $(VENV)/.dev                  ## style, types, who may import whom, the course
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/studyapp course check --strict content/week-13

bench: $(VENV)/.dev                  ## speed and size, as ratios in one run
	@$(BIN)/python -m compileall -q studyapp labs
	@$(BIN)/python tests/bench/run.py $(ARGS)
	@$(BIN)/python tests/bench/labs.py $(ARGS)

clean:                               ## remove what make made; your answers live elsewhere and stay
	rm -rf $(VENV) dist build snapshot_report.html .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "studyapp needs Python 3.11 or newer; name one: make study PYTHON=python3.12" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(VENV)/bin/python pyproject.toml
	@echo "Installing the app (about 90 MB, under a minute)"
	@$(PIP) install -q -e .
	@$(BIN)/python -m compileall -q studyapp labs
	@touch $@

$(VENV)/.labs: $(VENV)/.core
	@echo "Installing the lab runtime: torch for CPU, transformers, diffusers (about 250 MB to download, 1.2 GB on disk, some minutes)"
	@$(BIN)/python -c 'import torch' 2>/dev/null \
	  || $(PIP) install -q --no-deps --timeout 5 --retries 0 --index-url $(TORCH_INDEX) "$(TORCH)" 2>/dev/null \
	  || { echo "PyTorch's CPU index did not answer: taking torch from the ordinary index (on Linux that is the larger CUDA build)"; $(PIP) install -q "$(TORCH)"; }
	@$(PIP) install -q -e ".[labs]"
	@touch $@

$(VENV)/.dev: $(VENV)/.labs
	@echo "Installing the tools of development"
	@$(PIP) install -q -e ".[labs,web,dev]"
	@touch $@
