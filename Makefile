# make run, make check: README.md.  make install: docs/install.md.
#
# PGXS builds the extension; http-front/Makefile builds the front.

ifneq ($(words $(CURDIR)),1)
$(error make cannot work in a folder with blanks in its path: $(CURDIR))
endif

EXTENSION = dpmeta
EXTVERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" dpmeta.control)
MODULE_big = dpmeta
# Includes are rooted at extension/: "store/fetch.h".
SOURCES = $(sort $(wildcard extension/*.c extension/*/*.c extension/*/*/*.c))
OBJS = $(SOURCES:.c=.o)
DATA = $(wildcard extension/updates/*.sql)
# An update's parts lie in a folder named after it.
UPDATES = $(patsubst extension/updates/%/,%,$(wildcard extension/updates/*--*/))
DATA_built = dpmeta--$(EXTVERSION).sql $(UPDATES:%=dpmeta--%.sql)
PG_CPPFLAGS = -I$(CURDIR)/extension
PG_CFLAGS = -Wall -Wextra -Werror=implicit-function-declaration -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare
ifdef COVERAGE
PG_CFLAGS += --coverage -O0 -Wno-cpp
SHLIB_LINK += --coverage
endif
# Nothing is exported but what the server calls: PostgreSQL 15 loads a module so
# that its names stand for those of any library that comes later.
SHLIB_LINK += -Wl,--version-script=dpmeta.map
EXTRA_CLEAN = build results regression.diffs regression.out dpmeta.map
REGRESS = $(sort $(patsubst sql/%.sql,%,$(wildcard sql/*.sql)))
REGRESS_OPTS = --load-extension=dpmeta

# No bitcode: it would need clang at build, and JIT gains nothing here.
override with_llvm = no

PG_CONFIG ?= $(shell deploy/local/pg-config)
STAGE = $(CURDIR)/build/stage

# These look after their needs by themselves, PostgreSQL included, and build by
# a make of their own.  PGXS has a "check" too, which only prints a refusal.
PRIVATE = run check check-platforms database-url deb dist release-check \
	release-freeze release-next reference format format-check coverage \
	sanitize fuzz sqlsmith fuzz-heads faults valgrind bench bench-validate \
	bench-scale bench-sql bench-compare failover

ifneq ($(filter-out $(PRIVATE),$(or $(MAKECMDGOALS),all)),)
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(OBJS): $(wildcard extension/*.h extension/*/*.h extension/*/*/*.h)

$(MODULE_big).so: dpmeta.map
dpmeta.map: $(SOURCES)
	{ echo '{ global: _PG_init; Pg_magic_func;' && \
		sed -n 's/^PG_FUNCTION_INFO_V1(\(.*\));/\1; pg_finfo_\1;/p' $^ && \
		echo 'local: *; };'; } > $@

dpmeta--$(EXTVERSION).sql: $(sort $(wildcard extension/install/*.sql))
	cat $^ > $@

.SECONDEXPANSION:
$(UPDATES:%=dpmeta--%.sql): dpmeta--%.sql: $$(sort $$(wildcard extension/updates/$$*/*.sql))
	cat $^ > $@

# The front is left out with FRONT=no.
ifneq ($(wildcard http-front/Makefile),)
ifneq ($(FRONT),no)
all: front
install: install-front
uninstall: uninstall-front
endif
clean: clean-front
endif
endif

# PGXS's flags are not the front's.
unexport CFLAGS CPPFLAGS LDFLAGS
PREFIX = /usr/local
front install-front clean-front:
	$(MAKE) -C http-front $(patsubst front,all,$(@:-front=))

uninstall-front:
	rm -f $(DESTDIR)$(PREFIX)/bin/dpmeta-http

install-extension:
	$(MAKE) install FRONT=no

# What make run and the tests use without its being installed.
stage: all
	@$(MAKE) -s --no-print-directory install DESTDIR=$(STAGE)

ifneq ($(filter $(PRIVATE),$(MAKECMDGOALS)),)
BUILD = deploy/local/build $(MAKE)

# The last line is a plain command, so that make's SIGTERM reaches it.
run:
	@deploy/local/packages install run
	@$(BUILD)
	@deploy/local/run

# ROLE=reader: of a role that only reads, for any program of this machine.
database-url:
	@deploy/local/database-url $(if $(filter command line,$(origin ROLE)),$(ROLE))

# make check PART="regress isolation" TESTS="one another" runs these alone.
check:
	@deploy/local/packages install check
	@$(BUILD)
	@test/lib/check $(PART)

# The same on each Debian that this is for, in folders that are made for it.
check-platforms:
	@test/platforms/check $(PLATFORMS)

# What a failover costs, fault by fault; FAULTS="switchover" for one of them.
failover:
	@deploy/local/packages install check
	@$(BUILD)
	@PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 test/failover/run.py $(FAULTS)

# Debian's packages of it, for the Debian that this is.
deb:
	@deploy/local/packages install deb
	@deploy/local/deb

# docs/reference.md and docs/data-model.svg, from the comments in the catalogue.
reference:
	@deploy/local/packages install check
	@$(BUILD)
	@PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 test/lib/catalogue.py

# docs/releasing.md; release-next wants VERSION=.  What is checked is also built.
dist release-freeze release-next:
	@deploy/local/release $(@:release-%=%) $(VERSION)

release-check:
	@deploy/local/release check
	@deploy/local/release dist
	@deploy/local/release build

# The tests of the front again, under what finds faults of memory.
sanitize:
	@deploy/local/packages install sanitize
	@$(BUILD)
	@$(MAKE) -s --no-print-directory -C http-front SANITIZE=address,undefined
	@TEST_SANITIZED=yes TEST_FRONT=$(CURDIR)/http-front/build/sanitize/dpmeta-http \
		test/lib/check $(or $(PART),http)

valgrind:
	@deploy/local/packages install valgrind
	@$(BUILD)
	@TEST_FRONT_WRAPPER="valgrind --quiet --leak-check=full --show-leak-kinds=definite \
		--errors-for-leak-kinds=definite --error-exitcode=99" \
		test/lib/check $(or $(PART),http)

# What reads a stranger's bytes, each part for SECONDS.
SECONDS = 20
fuzz:
	@deploy/local/packages install sanitize
	@$(MAKE) -s --no-print-directory -C test/fuzz check SECONDS=$(SECONDS)

# Clients under random faults, judged by what they recorded: SECONDS=300 SEED=...
faults:
	@deploy/local/packages install check
	@$(BUILD)
	@SECONDS=$(if $(filter command line environment,$(origin SECONDS)),$(SECONDS),300) \
		SEED=$(SEED) test/faults/run.py

# Random SQL as a reader and as the front, for SECONDS; SEED repeats a run.
sqlsmith: SECONDS = 600
sqlsmith:
	@deploy/local/packages install sqlsmith
	@$(BUILD)
	@test/fuzz/sqlsmith $(SECONDS) $(SEED)

# Random heads against a real front under valgrind, for SECONDS; SEED repeats a
# run.  libmicrohttpd is seen by no sanitizer of ours.
fuzz-heads:
	@deploy/local/packages install valgrind
	@$(BUILD)
	@FUZZ_HEADS_SECONDS=$(SECONDS) FUZZ_HEADS_SEED=$(SEED) \
		TEST_FRONT_WRAPPER="valgrind --quiet --error-exitcode=99" \
		TESTS="test/http/test_fuzz_heads.py -s" test/lib/check http

# The figures that gcov counts over all tests, or those of PART.
coverage:
	@deploy/local/packages install coverage
	@test/lib/coverage $(PART)

format format-check:
	@deploy/local/packages install format
	@$(BUILD)
	@test/lib/format $(patsubst format-check,--check,$(@:format=))

# make bench, bench-scale, bench-sql, bench-validate, bench-compare A=... B=...
BENCHES = bench bench-validate bench-scale bench-sql bench-compare
$(BENCHES):
	@deploy/local/packages install bench
	@$(BUILD)
	@test/bench/$(patsubst bench-%,%,$(@:bench=bench-run)) $(A) $(B)
endif

.PHONY: front install-front uninstall-front clean-front install-extension \
	stage $(PRIVATE)
