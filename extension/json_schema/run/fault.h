/*
 * json_schema/run/fault.h
 *		Reporting what a value has against it.
 */
#ifndef DPMETA_JSON_SCHEMA_FAULT_H
#define DPMETA_JSON_SCHEMA_FAULT_H

#include "json_schema/run/node.h"

/* Reports a fault at the value at hand; always false.  By the macros below. */
extern bool schema_run_fault(SchemaRun *run, const SchemaOp *op,
							 const char *message,...) pg_attribute_printf(3, 4);
extern bool schema_run_fault_at(SchemaRun *run, const SchemaOp *op,
								const JsonItem *key, int index,
								const char *message,...) pg_attribute_printf(5, 6);

/* Counts one instead. */
extern bool schema_run_count(SchemaRun *run, const SchemaOp *op);
extern bool schema_run_count_at(SchemaRun *run, const SchemaOp *op,
								const JsonItem *key, int index);

/*
 * A fault, whose sentence costs something to make, so that it is only made when
 * somebody will read it.
 */
#define SCHEMA_FAULT(run, op, ...) \
	((run)->report == NULL ? false : \
	 (run)->score ? schema_run_count(run, op) : \
	 schema_run_fault(run, op, __VA_ARGS__))
#define SCHEMA_FAULT_AT(run, op, key, index, ...) \
	((run)->report == NULL ? false : \
	 (run)->score ? schema_run_count_at(run, op, key, index) : \
	 schema_run_fault_at(run, op, key, index, __VA_ARGS__))

/* A value, as a message quotes it. */
extern char *schema_quote(const JsonItem *item);
extern char *schema_quote_name(const char *str, int len);

#endif							/* DPMETA_JSON_SCHEMA_FAULT_H */
