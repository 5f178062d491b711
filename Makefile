# Every target works in a fresh clone with nothing but Go, Node and npm.
#
#   make run      build and start with the demo organisation on http://localhost:8420
#   make test     install what the tests need and run all of them
#   make build    ./bin/sekisho, one static binary with the browser apps inside
#   make bench    the benchmarks, as a table
#   make check    the quick part of the tests: vet, lint, unit tests, architecture

SHELL       := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:

# A tagged commit names its release; anything else keeps the version in the source.
VERSION  ?= $(shell git describe --tags --dirty 2>/dev/null)
LDFLAGS  := -s -w $(if $(VERSION),-X sekisho/internal/version.Version=$(VERSION))
GO_BUILD := CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)'

GOLANGCI_VERSION := v2.15.0
GOLANGCI := bin/golangci-lint-$(GOLANGCI_VERSION)

.PHONY: build run test check bench lint fmt cover coverage install-test-deps clean FORCE

build: bin/sekisho

# Go knows best what of a binary is stale, so it is always asked.
bin/sekisho: console/dist/management/index.html FORCE
	@[ -e $@ ] || echo 'compiling; the first time takes a few minutes'
	@$(GO_BUILD) -o $@ ./cmd/sekisho

# npm is asked only when what it would read is newer than what it made.
CONSOLE_SOURCES := $(shell find console/portal console/management console/shared -type f 2>/dev/null) \
	console/package.json console/tsconfig.json console/vite.config.ts

console/node_modules/.package-lock.json: console/package-lock.json
	npm --prefix console ci --no-audit --no-fund
	@touch $@

# One build makes every app; this one is made last.
console/dist/management/index.html: console/node_modules/.package-lock.json $(CONSOLE_SOURCES)
	npm --prefix console run build

run: bin/sekisho
	@scripts/run-demo

test: install-test-deps
	@scripts/test

check: lint
	go vet ./...
	go test ./test/arch ./internal/... ./web/... ./console/... ./tools/...

lint: $(GOLANGCI)
	$(GOLANGCI) run ./...

fmt: $(GOLANGCI)
	$(GOLANGCI) fmt ./...

# The linter is a tool with some two hundred modules of its own, which have no
# business in go.mod.
$(GOLANGCI):
	GOBIN=$(CURDIR)/bin/.install go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv bin/.install/golangci-lint $@ && rmdir bin/.install

bench: bin/sekisho
	@scripts/bench

# docs/coverage.md, from the operation tables and the tests that cite requirements.
coverage:
	go run ./tools/coverage -write docs/coverage.md

install-test-deps:
	@scripts/install-test-deps

clean:
	rm -rf bin console/dist/portal console/dist/management test/results
