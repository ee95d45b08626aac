# What a newcomer needs is `make report` and `make test`; `make` alone lists everything.

PREFIX = /usr/local
DESTDIR =
# The Swift runtime is linked in, so that the program runs where no Swift is installed.
RELEASE = swift build -c release --product metastat --static-swift-stdlib -Xswiftc -use-ld=lld
FORMATS = swift build -c release --product metastat-formats --static-swift-stdlib -Xswiftc -use-ld=lld
PROGRAM = .build/release/metastat
MAN = .build/man

bin = $(DESTDIR)$(PREFIX)/bin
share = $(DESTDIR)$(PREFIX)/share

.NOTPARALLEL:

.PHONY: help setup release report test lint format acceptance kill-test fault-test hostile examples bench \
  bench-check bench-peers sanitize scale fuzz-readers docs coverage inference meta fuzz data man install wheel deb \
  tarball packages test-packages uninstall clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## install the C libraries that are missing, check for Swift
	@scripts/setup

release: setup ## build the program, .build/release/metastat
	$(RELEASE)
	$(FORMATS)

report: release ## analyse data/papers into report/ and print the headline numbers
	@scripts/setup --pictures
	@scripts/report report

test: setup ## run all tests
	METASTAT_OPTIMIZED=1 swift test --disable-xctest --scratch-path .build/tests

lint: setup ## check the format of the sources and what is committed
	@scripts/lint

format: setup ## format the sources
	@scripts/lint --fix

acceptance: release ## check the built program from outside: exit codes, counts, equal results
	@scripts/acceptance

fuzz-readers: setup ## run every reader under libFuzzer and the address sanitizer (RUNS inputs each)
	@METASTAT_OPTIMIZED=1 scripts/fuzz-readers $(RUNS)

kill-test: release ## end runs by signals at 200 random moments each (minutes)
	@scripts/kill-test

hostile: release ## run every command and table on 1,000 random hostile corpora (an hour)
	@scripts/hostile

fault-test: release ## make every call that writes fail in turn (minutes)
	@scripts/fault-test

examples: release ## renew the output of the examples in README.md and docs/
	@scripts/examples

bench: setup ## measure the numeric core
	@scripts/bench

bench-check: release ## compare the core's speed with that of the last landed revision; fail above 15 %
	@scripts/bench-check

bench-peers: setup ## compare with numpy, scipy, pandas, R ... and write docs/performance.md
	@scripts/bench-peers

sanitize: ## run the kernels under the address, undefined-behaviour and thread sanitizers
	@scripts/sanitize

scale: release ## measure whole runs on up to 1,000,000 papers, for docs/scale.csv (minutes, 3 GB)
	@scripts/scale

docs: setup ## build the site of docs/ and the library's documentation into docs/site
	rm -rf docs/site && mkdir -p docs/site
	swift package --allow-writing-to-directory docs/site generate-documentation \
	  --target SurveyStats --output-path docs/site/library --warnings-as-errors \
	  --transform-for-static-hosting --hosting-base-path metastat/library
	scripts/site docs/site

coverage: setup ## study how often intervals cover the truth, for docs/coverage.md (minutes)
	swift run -c release --package-path Studies coverage \
	  --csv docs/coverage.csv --page docs/coverage.md
	swift run -c release --package-path Studies coverage awkward \
	  --csv docs/coverage-awkward.csv --page docs/coverage.md

inference: setup ## study tests and intervals of fits and comparisons, for docs/inference.md (minutes)
	swift run -c release --package-path Studies inference \
	  --csv docs/inference.csv --page docs/inference.md

meta: setup ## study pooled estimates: coverage by method, and 100,000 random tables (minutes)
	swift run -c release --package-path Studies meta coverage --csv docs/meta-coverage.csv
	swift run -c release --package-path Studies meta tables --count 100000
	swift run -c release --package-path Studies meta speed

questions: setup ## study the intervals that answer the questions of docs/questions.md (minutes)
	swift run -c release --package-path Studies questions --csv docs/questions-coverage.csv

fuzz: setup ## read 100,000 damaged scans, and 100,000 damaged tables of each format
	$(FORMATS)
	swift run -c release --package-path Studies fuzz
	swift run -c release --package-path Studies fuzz-tables

data: release ## make data/ again: SCANS=folder PARTIAL=file PUBLISHED=file, or synthetic data only
	@scripts/data "$(SCANS)" "$(PARTIAL)" "$(PUBLISHED)"

man: release ## make the manual pages
	@scripts/man $(MAN)

install: man release ## install program, manual and completions: PREFIX=/usr/local DESTDIR=
	install -d $(bin) $(share)/man/man1 $(share)/bash-completion/completions \
	  $(share)/zsh/site-functions $(share)/fish/vendor_completions.d
	install -s -m 755 $(PROGRAM) $(bin)/metastat
	install -d $(DESTDIR)$(PREFIX)/libexec/metastat
	install -s -m 755 .build/release/metastat-formats $(DESTDIR)$(PREFIX)/libexec/metastat
	install -m 644 $(MAN)/*.1 $(share)/man/man1
	$(PROGRAM) --generate-completion-script bash >$(share)/bash-completion/completions/metastat
	$(PROGRAM) --generate-completion-script zsh >$(share)/zsh/site-functions/_metastat
	$(PROGRAM) --generate-completion-script fish \
	  >$(share)/fish/vendor_completions.d/metastat.fish

wheel: release ## make a wheel of the built program, in .build/packages
	@scripts/packages wheel

deb: release ## make a Debian package of the built program, in .build/packages
	@scripts/packages deb

tarball: release ## make a tarball of the built program, which runs from any folder, in .build/packages
	@scripts/packages tarball

packages: release ## make all packages, checksums and a bill of materials, in .build/packages
	@scripts/packages

test-packages: release ## try the packages in clean Debian roots and environments (minutes, root)
	@scripts/test-packages

uninstall: ## remove what install installed
	rm -f $(bin)/metastat $(share)/man/man1/metastat.1 $(share)/man/man1/metastat-*.1 \
	  $(share)/bash-completion/completions/metastat $(share)/zsh/site-functions/_metastat \
	  $(share)/fish/vendor_completions.d/metastat.fish \
	  $(DESTDIR)$(PREFIX)/libexec/metastat/metastat-formats

clean: ## remove everything that was built
	rm -rf .build Benchmarks/.build Benchmarks/.scale Studies/.build docs/site report
