EXTENSION = dpmeta
EXTVERSION = 1.0
MODULE_big = dpmeta
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard extension/*.c)))
DATA_built = dpmeta--$(EXTVERSION).sql
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare
EXTRA_CLEAN = dpmeta--$(EXTVERSION).sql

PG_CONFIG = /usr/lib/postgresql/15/bin/pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
with_llvm = no
include $(PGXS)

$(OBJS): $(wildcard extension/*.h)

dpmeta--$(EXTVERSION).sql: $(sort $(wildcard extension/install/*.sql))
	cat $^ > $@
