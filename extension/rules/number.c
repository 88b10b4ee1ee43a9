/*
 * rules/number.c
 *		Which number a version gets, and which line it goes on.
 */
#include "postgres.h"

#include "errors.h"
#include "rules/id.h"
#include "rules/number.h"

static void
report_exhausted(const WriteBase *base)
{
	ereport(ERROR,
			(errcode(ERRCODE_DP_VERSIONS_EXHAUSTED),
			 errmsg("no version number is left for data product %s",
					base->product.name),
			 errdetail("Version numbers end at %d, and none is used twice.",
					   DPVERSION_PART_MAX),
			 errhint("Register the data product under a new name.")));
}

static void
report_breaking(const WriteBase *base)
{
	char		number[DPVERSION_BUFSIZE];

	dpversion_format(base->product.current, number);
	ereport(ERROR,
			(errcode(ERRCODE_DP_BREAKING_CHANGE),
			 errmsg("a breaking change to major version %d of data product %s, which is not the newest",
					dpversion_major(base->version.version), base->product.name),
			 errdetail("An older major takes compatible changes only."),
			 errhint("Make it on the newest version, %s.",
					 id_text(base->product.name, number, ""))));
}

/* A new major goes on the trunk, after the highest that there ever was. */
static void
number_major(const WriteBase *base, Place *place)
{
	DpVersion	head = base->is_known ? base->product.head : NO_VERSION;

	if (base->has_version && dpversion_major(base->version.version) <
		dpversion_major(base->product.current))
		report_breaking(base);
	if (dpversion_major(head) == DPVERSION_PART_MAX)
		report_exhausted(base);
	place->branch = TRUNK;
	place->last = head;
	place->version = dpversion_make(dpversion_major(head) + 1, 0);
	place->leaves_at = place->version;
}

/* A minor goes on the line of its major, after the last that there ever was. */
static void
number_minor(const WriteBase *base, Place *place)
{
	int32		major = dpversion_major(base->version.version);
	bool		on_trunk = dpversion_major(base->product.head) == major;
	Version		last = base->version;

	if (!on_trunk)
		fetch_newest_version(base->product.product_id, dpversion_make(major, 0),
							 LAST_OF_MAJOR(major), false, READ_LATEST, &last);
	place->last = on_trunk ? base->product.head : last.version;
	if (dpversion_minor(place->last) == DPVERSION_PART_MAX)
		report_exhausted(base);
	place->branch = on_trunk ? TRUNK : major;
	place->version = place->last + 1;
	place->leaves_at = on_trunk ? place->version : last.leaves_at;
}

void
number_version(const WriteBase *base, const WritePlan *plan,
			   Place *place)
{
	if (plan->kind == KIND_MINOR)
		number_minor(base, place);
	else
		number_major(base, place);
}
