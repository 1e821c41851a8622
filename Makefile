# Two commands: `make demo` shows Baton, `make test` checks it. Each does its own set-up on a fresh Debian
# machine that has Rust and Node. All steps share one target folder and one profile, so nothing is built twice.

SHELL := /bin/bash
CARGO_HOME ?= $(HOME)/.cargo
export PATH := $(PATH):$(CARGO_HOME)/bin

# Real documents and standards lie outside the repository; tests that want them say so when they are absent.
fixtures := $(firstword $(wildcard $(abspath $(BATON_FIXTURES)) $(abspath ../shared/fixtures) $(abspath fixtures)))
ifneq ($(fixtures),)
export BATON_FIXTURES := $(fixtures)
endif

.PHONY: help demo test setup setup-test format lint licences unit browser api

help:
	@echo 'make demo   build, open the sample service and print the address with one-time links'
	@echo 'make test   format, lints, licences, all tests, the browser test in Chromium, and the API against its description'

demo: setup
	cargo run --locked --package baton -- demo $(ARGS)

test: setup-test format lint licences unit browser
	@echo 'All checks passed.'

setup:
	@bash tests/setup.sh build

setup-test:
	@bash tests/setup.sh test
	@echo 'fixtures: $(or $(fixtures),none; the tests that read them say "skipped: no fixtures")'

format: setup-test
	cargo fmt --all --check

lint: setup-test
	cargo clippy --locked --workspace --all-targets -- -D warnings

licences: setup-test
	cargo deny --log-level error check bans licenses sources

# Somebody's own journal is not for tests.
unit: setup-test
	env -u BATON_STORE cargo test --locked --workspace --no-fail-fast

browser: setup-test
	cargo build --locked --workspace --bins
	cd tests/browser && env -u BATON_STORE node run.mjs

api: setup-test
	cargo build --locked --package baton
	env -u BATON_STORE tests/api/run.sh
