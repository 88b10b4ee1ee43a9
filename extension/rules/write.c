/*
 * rules/write.c
 *		The life of a write that makes a version: replay, lock, judge, compare,
 *		number, store, answer.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "rules/document.h"
#include "errors.h"
#include "store/fetch.h"
#include "json/render.h"
#include "rules/status.h"
#include "rules/write.h"

static bool
is_of_table(const Write *write)
{
	return write->id.table_len > 0;
}

/* The newest live version that the write's ID can mean. */
static bool
find_newest(Write *write, Version *newest)
{
	int32		major = dpversion_major(write->id.version);

	if (write->id.form == DPID_LATEST)
		return write->product.current != NO_VERSION &&
			version_find(&write->product, write->product.current, READ_LATEST,
						 newest);
	return version_newest(&write->product, dpversion_make(major, 0),
						  LAST_OF_MAJOR(major), true, READ_LATEST, newest);
}

/*
 * An automatic replay is given while it is still true: while what the ID
 * means is what the first copy made.  Another table that changed since does
 * not make the registration of this one untrue.
 */
static bool
is_still_true(Write *write, const Version *made)
{
	Version		newest;
	TableSchema then;
	TableSchema now;

	if (made->deleted_at != NO_TIME || !find_newest(write, &newest))
		return false;
	if (newest.version == made->version)
		return true;
	return strcmp(write->action, "register-schema") == 0 &&
		table_find(&write->product, made, write->id.table, READ_LATEST, &then) &&
		table_find(&write->product, &newest, write->id.table, READ_LATEST, &now) &&
		then.table_schema_id == now.table_schema_id;
}

/*
 * A request with a condition, or whose ID names one version, could only fail
 * when judged again, for what it made is not what it started from.  So its
 * client learns by the first answer that the write went through.
 */
static bool
is_replayed_always(const Write *write)
{
	return !write->idempotency.automatic || write->if_match != NULL ||
		write->id.form == DPID_EXACT;
}

/* The document of the version made, or of the table in it. */
static text *
render_made(Write *write)
{
	TableSchema schema;

	if (!is_of_table(write))
		return render_data_product(&write->product, &write->made,
								   fetch_table_names(&write->product,
													 &write->made, READ_LATEST));
	if (!table_find(&write->product, &write->made, write->id.table, READ_LATEST,
					&schema))
		return NULL;
	return render_schema(&write->product, &write->made, write->id.table,
						 schema.document);
}

static void
answer_made(Write *write, Answer *answer)
{
	answer_of_version(answer, &write->product, &write->made, write->id.table,
					  render_made(write), READ_LATEST);
	if (answer->document == NULL)
		answer->etag = NULL;
	answer->kind = write->kind;
	answer->changes = write->changes;
	answer->replayed = false;
}

static ChangeKind
kind_of_name(const char *name)
{
	ChangeKind	kind = KIND_NONE;

	while (kind < KIND_RESTORATION && strcmp(change_kind_name(kind), name) != 0)
		kind++;
	return kind;
}

/*
 * Answers with what an earlier copy of this request did, if there was one.
 * Whoever may not do it any more is not told.
 */
static bool
replay(Write *write, Answer *answer)
{
	Replay		first;

	if (!write->idempotency.active ||
		!idempotency_find(&write->idempotency, &first) ||
		!product_find(write->id.name, READ_LATEST, &write->product) ||
		!version_find(&write->product, first.version, READ_LATEST, &write->made))
		return false;
	if (!is_replayed_always(write) && !is_still_true(write, &write->made))
		return false;
	status_require_right_again(&write->actor, first.changes,
							   write->made.metadata);

	write->kind = kind_of_name(first.kind);
	write->changes = first.changes;
	answer_made(write, answer);
	answer->replayed = true;
	return true;
}

/* Lists every change; a table that did not change is no longer wanted. */
static void
compare_states(Write *write)
{
	ChangeList	list;
	List	   *changed = NIL;
	ListCell   *cell;

	changes_begin(&list);
	if (write->has_base)
		diff_metadata(&list, write->base.metadata, write->metadata);
	else
		changes_add(&list, &(Change) {
					.change = "data-product-registered", .kind = KIND_INITIAL});
	foreach(cell, write->tables)
	{
		TableChange *table = lfirst(cell);
		int			before = list.count;

		diff_table(&list, table->table, table->old, table->new);
		if (list.count > before)
			changed = lappend(changed, table);
	}
	write->tables = changed;
	write->kind = list.kind;
	write->changes = changes_end(&list);
}

static void
answer_dry_run(Write *write, Answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	id_of_version(write->id.name, write->made.version, write->id.table,
				  &answer->id);
	answer->retired_at = NO_TIME;
	answer->kind = write->kind;
	answer->changes = write->changes;
	answer->document = render_dry_run(&answer->id, write->made.version,
									  write->kind, write->changes);
}

static void
remember(Write *write)
{
	Replay		done = {
		.version = write->made.version,
		.kind = unconstify(char *, change_kind_name(write->kind)),
		.changes = write->changes
	};

	if (write->idempotency.active)
		idempotency_store(&write->idempotency, &write->product,
						  write->id.table, &done);
}

/* One try; false when another registered the name in the meantime. */
static bool
try_write(Write *write, WriteJudge judge, Answer *answer)
{
	write->is_known = product_find(write->id.name,
								   write->dry_run ? READ_LATEST : READ_LOCK,
								   &write->product);
	if (write->is_known && replay(write, answer))
		return true;

	judge(write);
	compare_states(write);
	if (write->kind == KIND_NONE)
		write->made = write->base;
	else
		version_number(write);
	if (write->dry_run)
	{
		answer_dry_run(write, answer);
		return true;
	}
	if (write->kind != KIND_NONE && !version_store(write))
		return false;
	remember(write);
	answer_made(write, answer);
	return true;
}

void
write_run(Write *write, WriteJudge judge, Answer *answer)
{
	if (replay(write, answer))
		return;
	while (!try_write(write, judge, answer))
		;
}
