# make demo | test | bench | messages | lock | clean. Nothing else has to be installed
# but Python >= 3.11 with its venv module. See CONTRIBUTING.md.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
TOOLS := $(VENV)/build-tools
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

# $(call install,LOCK): install the locked packages, saying how far it is.
define install
	total=$$(grep -c '==' $(1)); \
	echo "· 安装依赖 installing: $(1)"; \
	$(PY) -m pip install --require-hashes -r $(1) 2> $(VENV)/pip.err \
	  | awk -v total="$$total" '/^(Collecting|Requirement already)/ { if (++n % 10 == 0) { print "  " n "/" total; fflush() } } \
	      /^Installing/ { print "  解包 unpacking…"; fflush() }' \
	  || { cat $(VENV)/pip.err >&2; exit 1; }
endef

# Corridor itself. What builds it stays out of the environment that it runs in.
define install-corridor
	PYTHONPATH=$(TOOLS) $(PY) -m pip install -qq --no-deps --no-build-isolation -e .
endef

.PHONY: help setup setup-site demo test lint types imports messages bench lock clean browser

help:
	@echo "make demo    打开九城演示网站 open the nine-city demo site (demo-data/)"
	@echo "make test    全部检查 every check: style, types, import directions, tests"
	@echo "make bench   性能测量 benchmarks"
	@echo "make messages 更新英文译文目录 bring the English catalogues up to date"
	@echo "make setup   只装环境 only the environment (.venv) for development"
	@echo "make lock    重新锁定依赖 regenerate requirements/*.lock (UPGRADE=1: newest versions)"
	@echo "make clean   删除环境与产物 remove the environment and all build outputs"

# One environment; the demo needs only the site's part, tests and benchmarks add to it.
setup: $(VENV)/.stamp-test
setup-site: $(VENV)/.stamp-site

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

$(VENV)/.stamp-tools: requirements/build.lock | $(VENV)/.stamp-venv
	@rm -rf $(TOOLS)
	@$(PY) -m pip install -qq --require-hashes -r requirements/build.lock --target $(TOOLS)
	@touch $@

$(VENV)/.stamp-site: pyproject.toml requirements/site.lock $(VENV)/.stamp-tools
	@$(call install,requirements/site.lock)
	@$(install-corridor)
	@touch $@

$(VENV)/.stamp-test: pyproject.toml requirements/test.lock $(VENV)/.stamp-tools
	@$(call install,requirements/test.lock)
	@$(install-corridor)
	@touch $@ $(VENV)/.stamp-site

$(VENV)/.stamp-bench: requirements/bench.lock $(VENV)/.stamp-site
	@$(call install,requirements/bench.lock)
	@touch $@

demo: setup-site
	@$(VENV)/bin/corridor demo

# The tests of the database run on both; the browser sees no difference between them.
test: setup browser lint types imports
	@echo "· 测试 pytest (SQLite)"
	@$(PY) -m pytest
	@echo "· 测试 pytest (PostgreSQL)"
	@CORRIDOR_TEST_DATABASE=postgresql $(PY) -m pytest tests/site -m "not browser"

browser:
	@scripts/install-chromium

lint: setup
	@echo "· 风格 ruff"
	@$(PY) -m ruff check --quiet --output-format concise .
	@$(PY) -m ruff format --quiet --check . \
	  || { $(PY) -m ruff format --diff --quiet . || true; echo "run: $(PY) -m ruff format" >&2; exit 1; }

types: setup
	@echo "· 类型 mypy --strict"
	@CORRIDOR_DATA=.mypy_cache/data $(PY) -m mypy --no-error-summary

imports: setup
	@echo "· 引用方向 import-linter"
	@out=$$($(VENV)/bin/lint-imports --no-logo 2>&1) || { echo "$$out"; exit 1; }

messages: setup
	@$(PY) scripts/messages

bench: $(VENV)/.stamp-bench
	@$(PY) -m benchmarks

# Pins are kept unless UPGRADE=1. Every lock holds to the one before, so one environment can hold all:
# site is what "make demo" installs, run is everything a server may use, test and bench add to it.
COMPILE = $(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
  --universal --python-version 3.11 $(if $(UPGRADE),--upgrade)

RUN := site postgresql solvers parquet

lock: | $(VENV)/.stamp-venv
	@$(PY) -m pip install -qq 'uv>=0.9,<1'
	@$(COMPILE) pyproject.toml --extra site -o requirements/site.lock
	@$(COMPILE) -c requirements/site.lock pyproject.toml $(foreach extra,$(RUN),--extra $(extra)) \
	  -o requirements/run.lock
	@$(COMPILE) -c requirements/run.lock pyproject.toml --extra test -o requirements/test.lock
	@$(COMPILE) -c requirements/run.lock pyproject.toml --extra bench -o requirements/bench.lock
	@$(COMPILE) -c requirements/test.lock requirements/build.in -o requirements/build.lock
	@echo "· 已锁定 locked: requirements/*.lock"

clean:
	@rm -rf $(VENV) build dist demo-data .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
