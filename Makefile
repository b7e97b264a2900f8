# Every target says what it does in `make help`. VERSION=1.2.3 sets the version that the programs print.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

SWIFT ?= swift
DOCKER ?= docker
# Further options of `docker build`, such as --network=host.
DOCKER_BUILD_OPTIONS ?=
DIST ?= dist
HOST_ARCH := $(if $(filter aarch64 arm64,$(shell uname -m)),arm64,amd64)
# Debug and release builds have a directory each, so that neither makes the other compile again.
DEBUG_SCRATCH := .build
RELEASE_SCRATCH := .build-release
# ONCE=1 compiles the tests for a single run, as CI does: each module as a whole and without debug information, which is a
# quarter less work and leaves nothing to build upon. Each file of a module keeps an object of its own by -num-threads.
ifneq ($(ONCE),)
DEBUG_OPTIONS := -debug-info-format none -Xswiftc -whole-module-optimization -Xswiftc -num-threads -Xswiftc 2
endif

# An empty VERSION means none: Package.swift has a default.
ifeq ($(strip $(VERSION)),)
unexport VERSION
else
export VERSION
endif

SOURCES := Package.swift Sources Tests
SCRIPTS := $(wildcard scripts/*.sh scripts/*/*.sh) .ci/run $(wildcard Tests/EndToEnd/run) \
	$(wildcard Tests/EndToEnd/*/*.sh)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: ## Install the system packages that are missing (apt), check the Swift toolchain
	@SWIFT=$(SWIFT) scripts/setup.sh

# What fewer packages are enough for.
.PHONY: setup-build setup-demo
setup-build:
	@SWIFT=$(SWIFT) scripts/setup.sh --build
setup-demo:
	@SWIFT=$(SWIFT) scripts/setup.sh --demo

.PHONY: build
build: setup-build ## Build bindery and mount-monitor for this machine into dist/ (VERSION=1.2.3 sets the version)
	@SWIFT=$(SWIFT) scripts/build.sh --scratch $(RELEASE_SCRATCH) --into $(DIST) bindery mount-monitor

.PHONY: build-linux-amd64
build-linux-amd64: setup-build ## Build dist/mount-monitor-linux-amd64
	@SWIFT=$(SWIFT) scripts/build.sh --scratch $(RELEASE_SCRATCH) --into $(DIST) --platform linux/amd64 mount-monitor

.PHONY: build-linux-arm64
build-linux-arm64: setup-build ## Build dist/mount-monitor-linux-arm64 (through the Static Linux SDK on another processor)
	@SWIFT=$(SWIFT) scripts/build.sh --scratch $(RELEASE_SCRATCH) --into $(DIST) --platform linux/arm64 mount-monitor

.PHONY: build-all
build-all: build build-linux-amd64 build-linux-arm64 ## Build all of the above

.PHONY: test
test: ## Set up, lint, unit tests, end-to-end tests, fuzzing: all that CI checks, and how long each took
	@MAKE="$(MAKE)" scripts/test.sh

# What `make test` compiles beforehand.
.PHONY: build-tests build-fuzz
build-tests: setup
	@$(SWIFT) build --build-tests --scratch-path $(DEBUG_SCRATCH) $(DEBUG_OPTIONS)
build-fuzz: setup
	@SWIFT=$(SWIFT) scripts/fuzz.sh --build

.PHONY: unit
unit: setup ## Run the unit tests (ONLY=CollectTests for those of that name)
	@SWIFT=$(SWIFT) OPTIONS='$(DEBUG_OPTIONS)' scripts/unit.sh $(DEBUG_SCRATCH) '$(ONLY)'

.PHONY: e2e
e2e: setup build ## Run the end-to-end tests with real engines (ONLY='name …' runs some)
	@DIST=$(abspath $(DIST)) Tests/EndToEnd/run $(ONLY)

.PHONY: golden golden-update
golden: setup build ## Compare every format that others rely on with the files in Tests/Golden
	@DIST=$(abspath $(DIST)) Tests/Golden/run
golden-update: setup build ## Show how the formats differ from those files, and take the differences over
	@DIST=$(abspath $(DIST)) Tests/Golden/run --update

.PHONY: differential
differential: setup build ## Compare the audit with what engines show of random images for TIME seconds (60 by default; root)
	@DIST=$(abspath $(DIST)) Tests/Differential/run --seconds $(or $(TIME),60)

.PHONY: fresh-machine
fresh-machine: setup ## Run make demo on a new Debian that has only Swift, git and make (ten minutes; WHAT=setup, WHAT=test: make those)
	@scripts/fresh-machine.sh $(or $(WHAT),demo)

.PHONY: reproducible
reproducible: setup-build ## Build the programs twice, in two directories, and compare the bytes (docs/dependencies.md)
	@SWIFT=$(SWIFT) scripts/reproducible.sh

.PHONY: corpus
corpus: ## Count what builds of the Dockerfiles in the directory CORPUS (docs/compatibility.md)
	@DIST=$(abspath $(DIST)) Tests/Corpus/run $(or $(CORPUS),$(error CORPUS=DIRECTORY is missing)) --table /dev/stdout

.PHONY: durability
durability: setup build ## Fail, kill and cut the power at every system call of every changing command (tens of minutes)
	@DIST=$(abspath $(DIST)) Tests/Durability/run --write docs/durability.md

.PHONY: fuzz
fuzz: setup ## Fuzz each parser of outside bytes for TIME seconds (30 by default; ONLY='name …' fuzzes some)
	@SWIFT=$(SWIFT) scripts/fuzz.sh $(or $(TIME),30) $(ONLY)

.PHONY: test-asan
test-asan: setup ## Run the unit tests with AddressSanitizer
	@# The test library and Foundation leak a few bytes by themselves, so leaks aren't looked for.
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --scratch-path $(DEBUG_SCRATCH)-asan --sanitize=address

.PHONY: test-tsan
test-tsan: setup ## Run the unit tests with ThreadSanitizer
	@TSAN_OPTIONS=suppressions=$(abspath Tests/thread-sanitizer.supp) \
		$(SWIFT) test --scratch-path $(DEBUG_SCRATCH)-tsan --sanitize=thread

.PHONY: test-race
test-race: test-tsan ## The same as test-tsan

.PHONY: test-cover
test-cover: ## Run the unit tests and say how much of each source file they reach (ONLY=Target for one)
	@$(SWIFT) test --scratch-path $(DEBUG_SCRATCH)-cover --enable-code-coverage $(if $(ONLY),--filter $(ONLY)Tests)
	scripts/coverage.py "$$($(SWIFT) test --scratch-path $(DEBUG_SCRATCH)-cover --show-codecov-path)" $(ONLY)

.PHONY: model
model: setup ## Check the model of leases and collection with spin
	@scripts/model.sh

.PHONY: lint
lint: setup check-package ## Check the format of the Swift sources, the pages and scripts, Package.swift, and who uses whom
	@scripts/house.py
	@scripts/pages.py
	@$(SWIFT) format lint --strict --parallel --recursive --configuration .swift-format $(SOURCES)
	shellcheck --external-sources $(SCRIPTS)

.PHONY: check-package
check-package: ## Compare Package.swift with what SwiftPM resolves, and with the table of docs/ARCHITECTURE.md
	@scripts/check-package.py $(SWIFT) --scratch-path $(DEBUG_SCRATCH)

.PHONY: house
house: ## Draw which directory uses which other in docs/ARCHITECTURE.md again
	@scripts/house.py --write

.PHONY: session
session: ## Draw docs/images/session.svg again: a session of dist/bindery with the released mount-monitor
	@scripts/session.py $(DIST)/bindery $(DIST)/mount-monitor-linux-$(HOST_ARCH) docs/images/session.svg

.PHONY: outdated
outdated: ## List the Swift packages that have a newer version (docs/dependencies.md)
	@scripts/outdated.py $(SWIFT)

.PHONY: format
format: ## Format the Swift sources and the pages
	@scripts/pages.py --write
	@$(SWIFT) format --in-place --parallel --recursive --configuration .swift-format $(SOURCES)

.PHONY: bench
bench: setup build ## Compare with cp, openssl, tar on the same data (ONLY='name …' runs some)
	@SWIFT=$(SWIFT) scripts/build.sh --scratch $(RELEASE_SCRATCH) --into $(RELEASE_SCRATCH) timing
	DIST=$(abspath $(DIST)) TIMING=$(abspath $(RELEASE_SCRATCH)/timing) python3 scripts/bench.py $(ONLY)

.PHONY: demo
demo: export VERSION := $(or $(strip $(VERSION)),1.2.3)
demo: setup-demo build ## Take the whole path once: put, context, docker build, audit, where (SERVE=1: and serve its pages)
	@DIST=$(abspath $(DIST)) SERVE=$(SERVE) scripts/demo.sh

.PHONY: docker
docker: ## Build the development image: compiles mount-monitor inside a Swift image (Dockerfile)
	@DOCKER_BUILDKIT=1 $(DOCKER) build $(DOCKER_BUILD_OPTIONS) -f Dockerfile -t mount-monitor:$(or $(VERSION),dev) \
		$(if $(VERSION),--build-arg VERSION=$(VERSION)) $(if $(SWIFT_IMAGE),--build-arg SWIFT_IMAGE=$(SWIFT_IMAGE)) .

.PHONY: docker-debug
docker-debug: build-linux-$(HOST_ARCH) ## Build the released program's image with a busybox shell in it (Dockerfile.debug)
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT
	cp $(DIST)/mount-monitor-linux-$(HOST_ARCH) Dockerfile.debug "$$work"
	DOCKER_BUILDKIT=1 $(DOCKER) build $(DOCKER_BUILD_OPTIONS) -f "$$work/Dockerfile.debug" \
		-t mount-monitor:$(or $(VERSION),dev)-debug $(if $(BUSYBOX_IMAGE),--build-arg BUSYBOX_IMAGE=$(BUSYBOX_IMAGE)) "$$work"

.PHONY: run
run: ## Run mount-monitor here on config.json (CONFIG=FILE for another), with a debug log
	@$(SWIFT) run --scratch-path $(DEBUG_SCRATCH) mount-monitor --config=$(or $(CONFIG),config.json) --log-level=debug

.PHONY: soak
soak: setup ## Half an hour of mount-monitor on mounts that go up, down and hang (SOAK_SECONDS=60 shortens it)
	@SWIFT=$(SWIFT) scripts/build.sh --scratch $(RELEASE_SCRATCH) --into $(DIST) mount-monitor
	DIST=$(abspath $(DIST)) scripts/soak.sh $(or $(SOAK_SECONDS),1800)

# One target for each word of scripts/kind.sh.
.PHONY: kind-create kind-load kind-deploy kind-undeploy kind-redeploy kind-status kind-logs kind-test kind-delete kind-help
kind-create: ## Make a Kubernetes cluster in Docker to try mount-monitor in (deploy/README.md)
	@scripts/kind.sh create
kind-load: ## Bind the image of this tree's mount-monitor and load it into the cluster
	@scripts/kind.sh check
	$(MAKE) build
	DIST=$(abspath $(DIST)) scripts/kind.sh load
kind-deploy: ## Deploy the test's pod
	@scripts/kind.sh deploy
kind-undeploy: ## Remove the test's pod and its namespace
	@scripts/kind.sh undeploy
kind-redeploy: ## Load and deploy again
	@scripts/kind.sh check
	$(MAKE) build
	DIST=$(abspath $(DIST)) scripts/kind.sh redeploy
kind-status: ## Show what runs in the cluster
	@scripts/kind.sh status
kind-logs: ## Follow mount-monitor's log in the cluster
	@scripts/kind.sh logs
kind-test: ## From nothing to a pod that the watchdog replaced (KEEP_CLUSTER=1 keeps the cluster; statuses in deploy/README.md)
	@scripts/kind.sh check || exit 3
	$(MAKE) build || exit 3
	DIST=$(abspath $(DIST)) scripts/kind.sh test
kind-help: ## Show how to work with the cluster
	@scripts/kind.sh help
kind-delete: ## Remove the cluster
	@scripts/kind.sh delete

.PHONY: install
install: ## Put the built programs, manual pages and completions below PREFIX (/usr/local by default; DESTDIR goes before it)
	@scripts/install.sh $(DIST) $(or $(PREFIX),/usr/local) $(DESTDIR)

.PHONY: package
package: build ## Make DIST/bindery_VERSION_ARCH.deb of both programs, their manual pages and completions
	@scripts/package.sh $(DIST)

.PHONY: clean
clean: ## Remove what was built, the demo's store and the context; downloads in .build-fixtures stay
	@rm -rf $(DEBUG_SCRATCH) $(DEBUG_SCRATCH)-asan $(DEBUG_SCRATCH)-tsan $(DEBUG_SCRATCH)-cover $(RELEASE_SCRATCH) .build-fuzz .build-test .build-linux-* \
		dist demo docker-context
