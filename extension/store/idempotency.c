/*
 * store/idempotency.c
 *		One answer for a request and all its copies.
 *
 * Copies that run at once need no lock of their own: each names the same data
 * product, whose lock lets one through; the others then find its answer.
 */
#include "postgres.h"

#include "common/pg_prng.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "compat.h"
#include "errors.h"
#include "json/sha256.h"
#include "store/idempotency.h"
#include "store/row.h"
#include "store/statements.h"

/* One write in so many clears away this many answers past their time. */
#define EXPIRE_ONE_WRITE_IN		16
#define EXPIRE_AT_MOST			64

int			dpmeta_idempotency_retention = 24 * 60 * 60;

/* With its tag and length, so that no two sequences of parts look alike. */
static void
digest_part(pg_cryptohash_ctx *hash, char tag, const void *data, uint32 len)
{
	uint32		size = pg_hton32(len);

	sha256_add(hash, &tag, 1);
	sha256_add(hash, &size, sizeof(size));
	sha256_add(hash, data, len);
}

static void
digest_string(pg_cryptohash_ctx *hash, char tag, const char *str)
{
	digest_part(hash, tag, str, strlen(str));
}

static void
digest_scalar(pg_cryptohash_ctx *hash, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			digest_part(hash, 's', value->val.string.val, value->val.string.len);
			break;
		case jbvNumeric:
			digest_string(hash, 'n', numeric_normalize(value->val.numeric));
			break;
		case jbvBool:
			digest_string(hash, 'b', value->val.boolean ? "t" : "f");
			break;
		default:
			digest_string(hash, '0', "");
	}
}

/* jsonb has its members in one order; numbers are taken by value. */
static void
digest_json(pg_cryptohash_ctx *hash, Jsonb *json)
{
	JsonbIterator *it = JsonbIteratorInit(&json->root);
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&it, &value, false)) != WJB_DONE)
	{
		char		tag = (char) ('A' + token);

		sha256_add(hash, &tag, 1);
		if (token == WJB_KEY || token == WJB_VALUE || token == WJB_ELEM)
			digest_scalar(hash, &value);
	}
}

static void
digest_request(Idempotency *idempotency, const char *action,
			   const DpIdParts *id, ArrayType *if_match, Jsonb *body)
{
	pg_cryptohash_ctx *hash = sha256_begin();
	char		text[DPID_BUFSIZE];

	dpid_format(id, text);
	digest_string(hash, 'a', action);
	digest_string(hash, 'i', text);
	if (if_match != NULL)
		digest_part(hash, 'm', if_match, VARSIZE(if_match));
	digest_json(hash, body);
	sha256_end(hash, idempotency->request);
}

static void
check_key(text *key)
{
	int			len = VARSIZE_ANY_EXHDR(key);

	if (len > 0 && len <= IDEMPOTENCY_KEY_MAX)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_PARAMETER),
			 errmsg("idempotency key must have 1 to %d bytes, not %d",
					IDEMPOTENCY_KEY_MAX, len),
			 errdetail("The key tells this request apart from others."),
			 errhint("Send a UUID, or no key at all.")));
}

void
idempotency_begin(Idempotency *idempotency, const char *caller,
				  const char *action, const DpIdParts *id,
				  ArrayType *if_match, Jsonb *body, text *key)
{
	pg_cryptohash_ctx *hash;

	if (key != NULL)
		check_key(key);
	idempotency->active = true;
	idempotency->automatic = key == NULL;
	digest_request(idempotency, action, id, if_match, body);

	hash = sha256_begin();
	digest_string(hash, 'c', caller);
	if (key != NULL)
		digest_part(hash, 'k', VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key));
	else
		digest_part(hash, 'r', idempotency->request, PG_SHA256_DIGEST_LENGTH);
	sha256_end(hash, idempotency->digest);
}

/* Answers made before this are past their time. */
static TimestampTz
not_before(void)
{
	return GetCurrentTimestamp() -
		(TimestampTz) dpmeta_idempotency_retention * USECS_PER_SEC;
}

static void
report_reused(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DP_IDEMPOTENCY_KEY_REUSED),
			 errmsg("idempotency key was used for another request"),
			 errdetail("A key belongs to one request: the same caller, call, ID, condition and document."),
			 errhint("Use a new key for each request, and the same one for its retries.")));
}

bool
idempotency_find(const Idempotency *idempotency, Replay *replay)
{
	Values		values = {0};
	Row			row;
	bytea	   *request;

	bind_bytes(&values, idempotency->digest, PG_SHA256_DIGEST_LENGTH);
	bind_time(&values, not_before());
	if (statement_run(STMT_KEY_READ, &values, false) == 0)
		return false;
	row_open(&row, 0);
	if (!row_bool(&row, "is_in_time"))
		return false;
	request = row_bytes(&row, "request");
	if (VARSIZE_ANY_EXHDR(request) != PG_SHA256_DIGEST_LENGTH ||
		memcmp(VARDATA_ANY(request), idempotency->request,
			   PG_SHA256_DIGEST_LENGTH) != 0)
		report_reused();
	replay->version = row_version(&row, "version");
	replay->kind = row_string(&row, "kind");
	replay->changes = row_json(&row, "changes");
	return true;
}

void
idempotency_store(const Idempotency *idempotency, const Product *product,
				  const char *table, const Replay *replay)
{
	Values		values = {0};

	bind_bytes(&values, idempotency->digest, PG_SHA256_DIGEST_LENGTH);
	bind_bytes(&values, idempotency->request, PG_SHA256_DIGEST_LENGTH);
	bind_bool(&values, idempotency->automatic);
	bind_time(&values, GetCurrentTimestamp());
	bind_int8(&values, product->product_id);
	bind_version(&values, replay->version);
	bind_string_or_null(&values, table);
	bind_string(&values, replay->kind);
	bind_json(&values, replay->changes);
	bind_time(&values, not_before());
	if (statement_run(STMT_KEY_WRITE, &values, false) == 0)
		report_reused();
	if (pg_prng_uint64_range(&pg_global_prng_state, 1, EXPIRE_ONE_WRITE_IN) == 1)
		idempotency_expire(EXPIRE_AT_MOST);
}

uint64
idempotency_expire(int64 limit)
{
	Values		values = {0};

	bind_time(&values, not_before());
	bind_int8(&values, limit);
	return statement_run(STMT_KEYS_EXPIRE, &values, false);
}
