/*
 * rules/etag.c
 *		Entity tags, and If-Match on that of what a write starts from (RFC 9110,
 *		13.1.1).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "errors.h"
#include "json/sha256.h"
#include "rules/etag.h"

char *
etag_of_version(const Version *version)
{
	char		number[DPVERSION_BUFSIZE];

	dpversion_format(version->version, number);
	return psprintf("%s-%d", number, version->facts_revision);
}

char *
etag_of_schema(const Version *version)
{
	char	   *number = palloc(DPVERSION_BUFSIZE);

	dpversion_format(version->version, number);
	return number;
}

/* Half of a SHA-256 in hexadecimal: no two contents will have the same. */
char *
etag_of_content(const text *content)
{
	pg_cryptohash_ctx *hash = sha256_begin();
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	char	   *tag = palloc0(PG_SHA256_DIGEST_LENGTH + 1);

	sha256_add(hash, VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content));
	sha256_end(hash, digest);
	hex_encode((const char *) digest, sizeof(digest) / 2, tag);
	return tag;
}

static bool
etag_matches(ArrayType *if_match, const char *etag)
{
	Datum	   *tags;
	bool	   *nulls;
	int			count;

	deconstruct_array(if_match, TEXTOID, -1, false, TYPALIGN_INT,
					  &tags, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *tag = nulls[i] ? "" : TextDatumGetCString(tags[i]);

		if (strcmp(tag, "*") == 0 || strcmp(tag, etag) == 0)
			return true;
	}
	return false;
}

void
etag_require(ArrayType *if_match, const char *etag)
{
	if (if_match == NULL || (etag != NULL && etag_matches(if_match, etag)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_PRECONDITION_FAILED),
			 etag != NULL
			 ? errmsg("none of the entity tags given is the current one, \"%s\"", etag)
			 : errmsg("the resource does not exist yet, so no entity tag matches it"),
			 errdetail("The resource changed after you read it, or it never had these tags."),
			 errhint("Read the resource again and start from what it is now.")));
}
