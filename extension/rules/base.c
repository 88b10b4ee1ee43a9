/*
 * rules/base.c
 *		What a write starts from.
 */
#include "postgres.h"

#include "errors.h"
#include "rules/base.h"

static void
report_stale(const DpIdParts *id, DpVersion newest)
{
	DpIdParts	base;
	char		start[DPID_BUFSIZE];
	char		given[DPID_BUFSIZE];

	id_of_version(id->name, newest, id->table, &base);
	dpid_format(&base, start);
	dpid_format(id, given);
	ereport(ERROR,
			(errcode(ERRCODE_DP_VERSION_CONFLICT),
			 errmsg("the write starts from %s, but the newest of its major is %s",
					given, start),
			 errdetail("Somebody else changed it in the meantime."),
			 errhint("Read %s, and start from that.", start)));
}

/* An ID that names one version is right only while that is the newest. */
static void
require_newest(const WriteBase *base, const DpIdParts *id)
{
	int32		major = dpversion_major(base->version.version);
	Version		newest;

	if (id->form != DPID_EXACT ||
		base->version.version == base->product.current)
		return;
	if (fetch_newest_version(base->product.product_id, dpversion_make(major, 0),
							 LAST_OF_MAJOR(major), true, READ_LATEST, &newest) &&
		newest.version != base->version.version)
		report_stale(id, newest.version);
}

static void
find_version(WriteBase *base, const DpIdParts *id)
{
	if (!base->is_known)
		resolve_report_not_found(id);
	resolve_version(&base->product, id, READ_LATEST, &base->version);
	base->has_version = true;
	require_newest(base, id);
}

void
base_find(const WriteRequest *request, BaseChoice choice,
		  const Product *product, WriteBase *base)
{
	DpIdParts	id = request->id;

	memset(base, 0, sizeof(*base));
	base->is_known = product != NULL;
	if (base->is_known)
		base->product = *product;
	switch (choice)
	{
		case BASE_NONE:
			return;
		case BASE_IF_ANY:
			if (id.form == DPID_LATEST &&
				(!base->is_known || product->current == NO_VERSION))
				return;
			break;
		case BASE_OF_PRODUCT:
			/* the table is not there yet: what may be missing is the product */
			id.table[0] = '\0';
			id.table_len = 0;
			break;
		case BASE_OF_ID:
			break;
	}
	find_version(base, &id);
}
