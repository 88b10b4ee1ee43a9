/*
 * rules/etag.c
 *		Entity tags, and If-Match on that of what a write starts from (RFC 9110,
 *		13.1.1).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"

#include "errors.h"
#include "json/sha256.h"
#include "rules/etag.h"

/* Half of a SHA-256 in hexadecimal: no two contents will have the same. */
#define TAG_BYTES	(PG_SHA256_DIGEST_LENGTH / 2)

/* Frees the hash. */
static char *
make_tag(const char *prefix, pg_cryptohash_ctx *hash)
{
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	char		digits[2 * TAG_BYTES + 1] = "";

	sha256_end(hash, digest);
	hex_encode((const char *) digest, TAG_BYTES, digits);
	return psprintf("%s%s", prefix, digits);
}

/*
 * A failover that loses commits loses the numbers of their versions with them,
 * and so a number can come again with another content.  The time of a version
 * stands for what is not in the content: which tables it has.  All of it is
 * the same on each server that has this version, in a dump too.
 */
static char *
tag_version(const Version *version, int32 facts_revision, const text *content)
{
	pg_cryptohash_ctx *hash = sha256_begin();
	uint64		created_at = pg_hton64((uint64) version->created_at);
	uint32		revision = pg_hton32((uint32) facts_revision);
	char		prefix[DPVERSION_BUFSIZE + 1];

	sha256_add(hash, &created_at, sizeof(created_at));
	sha256_add(hash, &revision, sizeof(revision));
	sha256_add(hash, VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content));
	dpversion_format(version->version, prefix);
	strlcat(prefix, "-", sizeof(prefix));
	return make_tag(prefix, hash);
}

char *
etag_of_version(const Version *version)
{
	return tag_version(version, version->facts_revision, version->document);
}

/* Reports of loads do not change it. */
char *
etag_of_schema(const Version *version, const text *document)
{
	return tag_version(version, 0, document);
}

char *
etag_of_content(const text *content)
{
	pg_cryptohash_ctx *hash = sha256_begin();

	sha256_add(hash, VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content));
	return make_tag("", hash);
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
			 ? errmsg("none of the entity tags given is the current one")
			 : errmsg("the resource does not exist yet, so no entity tag matches it"),
			 etag != NULL
			 ? errdetail("The current one is \"%s\". The resource changed after you read it, or it never had the tags given.", etag)
			 : errdetail("The resource changed after you read it, or it never had these tags."),
			 errhint("Read the resource again and start from what it is now.")));
}
