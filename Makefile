# make demo | make test | make bench | make lock | make clean. Nothing else has to be installed
# but Python >= 3.11 with its venv module. See CONTRIBUTING.md.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
BUILT_FROM := pyproject.toml requirements/build.lock
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

# $(call install,LOCK...): install the locked packages, saying how far it is.
define install
	total=$$(cat $(1) | grep -c '==' || true); \
	echo "· 安装依赖 installing: $(1)"; \
	$(PY) -m pip install --require-hashes $(foreach lock,$(1),-r $(lock)) 2> $(VENV)/pip.err \
	  | awk -v total="$$total" '/^(Collecting|Requirement already)/ { if (++n % 10 == 0) { print "  " n "/" total; fflush() } } \
	      /^Installing/ { print "  解包 unpacking…"; fflush() }' \
	  || { cat $(VENV)/pip.err >&2; exit 1; }
endef

.PHONY: help setup setup-run demo test lint types imports bench lock clean browser

help:
	@echo "make demo    运行九城演示 run the nine-city demo into demo-data/"
	@echo "make test    全部检查 every check: style, types, import directions, tests"
	@echo "make bench   性能测量 benchmarks"
	@echo "make setup   只装环境 only the environment (.venv) for development"
	@echo "make lock    重新锁定依赖 regenerate requirements/*.lock (UPGRADE=1: newest versions)"
	@echo "make clean   删除环境与产物 remove the environment and all build outputs"

# One environment; the demo needs only its run-time part, tests and benchmarks add to it.
setup: $(VENV)/.stamp-test
setup-run: $(VENV)/.stamp-run

$(VENV)/.stamp-venv:
	@if ! $(PY) -m pip --version > /dev/null 2>&1; then \
	  for python in python3.11 python3; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
	      echo "· 创建环境 creating $(VENV) with $$("$$python" --version)"; \
	      "$$python" -m venv --clear $(VENV) && break; \
	      echo "venv 模块不可用 the venv module is missing (Debian: apt-get install python3-venv)" >&2; exit 1; \
	    fi; \
	  done; \
	  test -x $(PY) || { echo "需要 Python 3.11 以上 Corridor needs Python >= 3.11" >&2; exit 1; }; \
	fi
	@touch $@

$(VENV)/.stamp-run: $(BUILT_FROM) requirements/run.lock | $(VENV)/.stamp-venv
	@$(call install,requirements/run.lock requirements/build.lock)
	@$(PY) -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.stamp-test: $(BUILT_FROM) requirements/test.lock | $(VENV)/.stamp-venv
	@$(call install,requirements/test.lock)
	@$(PY) -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.stamp-run

$(VENV)/.stamp-bench: requirements/bench.lock $(VENV)/.stamp-run
	@$(call install,requirements/bench.lock)
	@touch $@

demo: setup-run
	@$(VENV)/bin/corridor demo --data demo-data

test: setup browser lint types imports
	@echo "· 测试 pytest"
	@$(PY) -m pytest

browser:
	@scripts/install-chromium

lint: setup
	@echo "· 风格 ruff"
	@$(PY) -m ruff check --quiet --output-format concise .
	@$(PY) -m ruff format --quiet --check . \
	  || { $(PY) -m ruff format --diff --quiet . || true; echo "run: $(PY) -m ruff format" >&2; exit 1; }

types: setup
	@echo "· 类型 mypy --strict"
	@$(PY) -m mypy --no-error-summary

imports: setup
	@echo "· 引用方向 import-linter"
	@out=$$($(VENV)/bin/lint-imports --no-logo 2>&1) || { echo "$$out"; exit 1; }

bench: $(VENV)/.stamp-bench
	@$(PY) -m benchmarks

# Pins are kept unless UPGRADE=1. Every lock holds to run.lock, so one environment can hold them all.
COMPILE = $(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
  --universal --python-version 3.11 $(if $(UPGRADE),--upgrade)

lock: | $(VENV)/.stamp-venv
	@$(PY) -m pip install -qq 'uv>=0.9,<1'
	@$(COMPILE) pyproject.toml -o requirements/run.lock
	@$(COMPILE) -c requirements/run.lock pyproject.toml --extra test -o requirements/test.lock
	@$(COMPILE) -c requirements/run.lock pyproject.toml --extra bench -o requirements/bench.lock
	@$(COMPILE) -c requirements/test.lock requirements/build.in -o requirements/build.lock
	@echo "· 已锁定 locked: requirements/*.lock"

clean:
	@rm -rf $(VENV) build dist demo-data .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
