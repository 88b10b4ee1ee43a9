/*
 * sync.c
 *		A data product made equal to a whole description of it, in one
 *		version: what registering a live schema builds on.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "document.h"
#include "errors.h"
#include "json_write.h"
#include "statements.h"
#include "write.h"
