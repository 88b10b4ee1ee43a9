/*
 * json/render.h
 *		Compact JSON text from jsonb, and the small jsonb tools that the rules
 *		share.
 */
#ifndef DPMETA_RENDER_H
#define DPMETA_RENDER_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

/* Appends without a blank; numbers in their shortest spelling (1.0 as 1). */
extern void append_json_value(StringInfo out, JsonbValue *value);
extern void append_json(StringInfo out, Jsonb *json);

/* The member of an object, or NULL. */
extern JsonbValue *json_member(Jsonb *object, const char *key);
extern JsonbValue *container_member(JsonbContainer *object, const char *key);

/* Are these equal by JSON's notion (1 = 1.0, members in any order)? */
extern bool json_values_equal(JsonbValue *a, JsonbValue *b);

/* Scalars to push; the string is not copied. */
extern JsonbValue *json_string(const char *str);
extern JsonbValue *json_string_n(const char *str, int len);
extern JsonbValue *json_int(int number);

/* Pushes one member of the object that is open. */
extern void push_member(JsonbParseState **state, const char *key,
						JsonbValue *value);
extern void push_string_member(JsonbParseState **state, const char *key,
							   const char *str);

extern Jsonb *json_empty_object(void);

/* RFC 3339 in UTC with microseconds: 2026-01-31T12:00:00.000000Z */
extern char *format_rfc3339(TimestampTz time);

#endif							/* DPMETA_RENDER_H */
