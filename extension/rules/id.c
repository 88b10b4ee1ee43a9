/*
 * rules/id.c
 *		IDs as the calls use them.
 */
#include "postgres.h"

#include "errors.h"
#include "rules/id.h"

/* Copies a name, which may come from a table that a dump has filled. */
static int
copy_name(char *target, const char *name)
{
	int			len = strlcpy(target, name, DP_NAME_MAX + 1);

	if (len > DP_NAME_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("a name in a table of dpmeta has %d bytes", len),
				 errdetail("Names have at most %d.", DP_NAME_MAX),
				 errhint("Somebody changed the tables by hand. Restore the rows that they changed.")));
	return len;
}

void
id_of_product(const char *name, DpIdParts *id)
{
	id->form = DPID_LATEST;
	id->version = NO_VERSION;
	id->name_len = copy_name(id->name, name);
	id->table_len = copy_name(id->table, "");
}

DpVersion
id_first_version(const DpIdParts *id)
{
	return id->form == DPID_LATEST ? FIRST_VERSION : id->version;
}

DpVersion
id_last_version(const DpIdParts *id)
{
	switch (id->form)
	{
		case DPID_LATEST:
			return LAST_VERSION;
		case DPID_MAJOR:
			return LAST_OF_MAJOR(dpversion_major(id->version));
		case DPID_EXACT:
			return id->version;
	}
	return NO_VERSION;
}

void
id_of_version(const char *name, DpVersion version, const char *table,
			  DpIdParts *id)
{
	id->form = DPID_EXACT;
	id->version = version;
	id->name_len = copy_name(id->name, name);
	id->table_len = copy_name(id->table, table);
}

/* A table's ID where a data product's is needed, or the reverse. */
static void
report_wrong_kind(const DpIdParts *id, const char *detail, const char *hint)
{
	char		text[DPID_BUFSIZE];

	dpid_format(id, text);
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_ID),
			 errmsg("invalid id: %s", text),
			 errdetail("%s", detail),
			 errhint("%s", hint)));
}

void
id_append(StringInfo out, const char *name, const char *version,
		  const char *table)
{
	appendStringInfoString(out, "dp:");
	appendStringInfoString(out, name);
	appendStringInfoChar(out, ':');
	appendStringInfoString(out, version);
	if (table[0] == '\0')
		return;
	appendStringInfoChar(out, ':');
	appendStringInfoString(out, table);
}

char *
id_text(const char *name, const char *version, const char *table)
{
	StringInfoData out;

	initStringInfo(&out);
	id_append(&out, name, version, table);
	return out.data;
}

void
id_require_product(const DpIdParts *id)
{
	if (id->table_len > 0)
		report_wrong_kind(id,
						  "It is the ID of a table, and this call needs that of a data product.",
						  "Write dp:NAME[:vMAJOR[.MINOR]].");
}

void
id_require_table(const DpIdParts *id)
{
	if (id->table_len == 0)
		report_wrong_kind(id,
						  "It is the ID of a data product, and this call needs that of a table.",
						  "Write dp:NAME[:vMAJOR[.MINOR]]:TABLE.");
}
