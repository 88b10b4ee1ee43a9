/*
 * routes/formats.c
 *		The one table of the formats in which a contract, or a table's schema, is
 *		answered.
 */
#include "routes/formats.h"

#include <string.h>

#include "base/field.h"

#define JSON(name, rendering, type) {name, rendering, type, type, true, false}
#define YAML(name, rendering, type) {name, rendering, type, type, true, true}
#define TEXT(name, type, parameters) \
	{name, name, type, type parameters, false, false}

const Format FORMATS[] = {
	JSON("json", NULL, "application/json"),
	YAML("yaml", NULL, "application/yaml"),
	JSON("odcs", "odcs", "application/odcs+json"),
	YAML("odcs-yaml", "odcs", "application/odcs+yaml"),
	JSON("odps", "odps", "application/odps+json"),
	YAML("odps-yaml", "odps", "application/odps+yaml"),
	JSON("json-schema", "json-schema", "application/schema+json"),
	JSON("avro", "avro", "application/vnd.dpmeta.avro+json"),
	TEXT("postgresql", "application/sql", "; charset=utf-8"),
	TEXT("athena", "application/vnd.dpmeta.athena+sql", "; charset=utf-8"),
	JSON("glue", "glue", "application/vnd.dpmeta.glue+json"),
	JSON("dcat", "dcat", "application/ld+json"),
	TEXT("csv", "text/csv", "; charset=utf-8; header=present"),
	TEXT("markdown", "text/markdown", "; charset=utf-8"),
};

const int	FORMAT_COUNT = (int) (sizeof(FORMATS) / sizeof(FORMATS[0]));

const Format *
format_find(const char *name)
{
	for (int i = 0; i < FORMAT_COUNT; i++)
		if (strcmp(FORMATS[i].name, name) == 0)
			return &FORMATS[i];
	return NULL;
}

/*
 * Who takes anything, or any text, wants JSON: another format has to be named.
 */
static const Format *
best_of(const char *accept, int count)
{
	const Format *best = NULL;
	int			most = 0;

	for (int i = 0; i < count; i++)
	{
		int			weight = accept_weight(accept, FORMATS[i].media_type);

		if (weight <= most ||
			(i > 0 && !accept_names(accept, FORMATS[i].media_type)))
			continue;
		most = weight;
		best = &FORMATS[i];
	}
	return best;
}

const Format *
format_accept(const char *accept)
{
	return best_of(accept, FORMAT_COUNT);
}

const Format *
format_accept_plain(const char *accept)
{
	return best_of(accept, 2);
}

void
format_names(Text *out)
{
	for (int i = 0; i < FORMAT_COUNT; i++)
	{
		text_add(out, i > 0 ? ", " : "");
		text_add(out, FORMATS[i].name);
	}
}
