# make run, make check: README.md.  make install: docs/install.md.
#
# PGXS builds the extension; http-front/Makefile builds the front.

ifneq ($(words $(CURDIR)),1)
$(error make cannot work in a folder with blanks in its path: $(CURDIR))
endif

EXTENSION = dpmeta
EXTVERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" dpmeta.control)
MODULE_big = dpmeta
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard extension/*.c)))
DATA = $(wildcard extension/updates/*.sql)
DATA_built = dpmeta--$(EXTVERSION).sql
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare
EXTRA_CLEAN = build results regression.diffs regression.out
REGRESS = $(sort $(patsubst sql/%.sql,%,$(wildcard sql/*.sql)))
REGRESS_OPTS = --load-extension=dpmeta --encoding=UTF8

# No bitcode: it would need clang at build, and JIT gains nothing here.
override with_llvm = no

PG_CONFIG ?= $(shell deploy/local/pg-config)
STAGE = $(CURDIR)/build/stage

# These look after their needs by themselves, PostgreSQL included, and build by
# a make of their own.  PGXS has a "check" too, which only prints a refusal.
PRIVATE = run check database-url packages format format-check coverage

ifneq ($(filter-out $(PRIVATE),$(or $(MAKECMDGOALS),all)),)
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(OBJS): $(wildcard extension/*.h)

$(DATA_built): $(sort $(wildcard extension/install/*.sql))
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
BUILD = $(MAKE) -s --no-print-directory stage

# The last line is a plain command, so that make's SIGTERM reaches it.
run:
	@deploy/local/packages install run
	@$(BUILD)
	@deploy/local/run

database-url:
	@deploy/local/database-url

# make check PART="regress isolation" TESTS="one another" runs these alone.
check:
	@deploy/local/packages install check
	@$(BUILD)
	@test/lib/check $(PART)
endif

.PHONY: front install-front uninstall-front clean-front install-extension \
	stage $(PRIVATE)
