/*
 * types/field_name.c
 *		The names of a struct's fields.
 *
 * Case and letters are those of Unicode, because the locale of a database must
 * not decide which documents are valid.  A database in SQL_ASCII does not say
 * what its bytes stand for.  There, each byte that is not ASCII is a letter.
 */
#include "postgres.h"

#include "common/unicode_norm.h"
#include "mb/pg_wchar.h"

#include "types/field_name.h"
#include "unicode/property.h"

static bool
is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		(byte >= '0' && byte <= '9') || byte == '_' || byte == '$' ||
		byte == '-' || IS_HIGHBIT_SET(byte);
}

static bool
is_ascii(const char *str, int len)
{
	for (int i = 0; i < len; i++)
		if (IS_HIGHBIT_SET(str[i]))
			return false;
	return true;
}

static bool
is_letter(pg_wchar code)
{
	return code < 0x80 || unicode_has_property(code, "gc=L") ||
		unicode_has_property(code, "gc=M") ||
		unicode_has_property(code, "gc=Nd");
}

/* The first character that is no letter; NULL if all are. */
static const char *
find_no_letter(const char *str, int len)
{
	int			count;
	pg_wchar   *codes;
	const char *pos = str;

	if (GetDatabaseEncoding() == PG_SQL_ASCII || is_ascii(str, len))
		return NULL;
	codes = unicode_try_from_server(str, len, &count);
	if (codes == NULL)
		return str;
	for (int i = 0; i < count; i++)
	{
		/* in some encodings one character becomes two */
		if (!is_letter(codes[i]))
			return pos < str + len ? pos : str;
		pos += pos < str + len ? pg_mblen(pos) : 0;
	}
	return NULL;
}

int
field_name_scan(const char *cur, const char *end, const char **fault_at,
				const char **reason)
{
	const char *pos = cur;
	const char *no_letter;

	while (pos < end && is_name_byte(*pos))
		pos++;
	*fault_at = cur;
	if (pos == cur)
		*reason = cur < end && strchr("`\"'", *cur) != NULL ?
			"a field's name is expected, without quotes" :
			"a field's name is expected";
	else if (pg_mbstrlen_with_len(cur, pos - cur) > FIELD_NAME_MAX)
	{
		*fault_at = cur + pg_mbcharcliplen(cur, pos - cur, FIELD_NAME_MAX);
		*reason = "a field's name has at most 128 characters";
	}
	else if ((no_letter = find_no_letter(cur, pos - cur)) != NULL)
	{
		*fault_at = no_letter;
		*reason = "a field's name has letters, digits, _, $ and - only";
	}
	else
		return pos - cur;
	return 0;
}

/* Simple folding may undo a decomposition, so it is done once more. */
static pg_wchar *
fold_codes(const pg_wchar *codes)
{
	pg_wchar   *folded = unicode_normalize(UNICODE_NFD, codes);

	for (pg_wchar *code = folded; *code != 0; code++)
		*code = unicode_fold(*code);
	return unicode_normalize(UNICODE_NFD, folded);
}

static const char *
fold_ascii(const char *str, int len)
{
	char	   *key = NULL;

	for (int i = 0; i < len; i++)
	{
		if (str[i] < 'A' || str[i] > 'Z')
			continue;
		if (key == NULL)
			key = pnstrdup(str, len);
		key[i] += 'a' - 'A';
	}
	return key == NULL ? str : key;
}

const char *
field_name_key(const char *str, int len, int *key_len)
{
	int			count;
	pg_wchar   *codes = NULL;

	if (GetDatabaseEncoding() != PG_SQL_ASCII && !is_ascii(str, len))
		codes = unicode_try_from_server(str, len, &count);
	if (codes == NULL)
	{
		*key_len = len;
		return fold_ascii(str, len);
	}
	codes[count] = 0;
	codes = fold_codes(codes);
	*key_len = 0;
	while (codes[*key_len] != 0)
		(*key_len)++;
	*key_len *= sizeof(pg_wchar);
	return (const char *) codes;
}
