/*
 * json_schema/format/host.c
 *		Host names (RFC 1123) and their international form (RFC 5890 to 5893).
 *
 * libidn2 2.3 does not check the rules for characters in context (RFC 5892,
 * appendix A) on looking up, nor hyphens, empty labels and other full stops;
 * it fails three in ten of the official suite's cases.  Nearly all of the table in
 * unicode/table.h is there for \p{...} in patterns and would stay.
 */
#include "postgres.h"

#include "common/unicode_norm.h"
#include "mb/pg_wchar.h"

#include "json_schema/format/host.h"
#include "json_schema/pattern/unicode.h"

#define LABEL_MAX	63
#define NAME_MAX	253

static bool
is_ldh(pg_wchar c)
{
	return c < 128 && (c == '-' || (c >= '0' && c <= '9') ||
					   (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}

/* RFC 3492, 6.1 */
static int
punycode_adapt(int delta, int points, bool first)
{
	int			k = 0;

	delta = first ? delta / 700 : delta / 2;
	delta += delta / points;
	for (; delta > 455; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

static int
punycode_digit(pg_wchar c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= '0' && c <= '9' ? (int) (c - '0' + 26) : -1;
}

/* Reads one generalized variable-length integer of RFC 3492, 6.2. */
static bool
punycode_delta(const pg_wchar *in, int len, int *at, int bias, int *delta)
{
	int64		weight = 1;
	int64		value = 0;

	for (int k = 36;; k += 36)
	{
		int			digit = *at < len ? punycode_digit(in[(*at)++]) : -1;
		int			t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;

		if (digit < 0)
			return false;
		value += digit * weight;
		if (value > PG_INT32_MAX / 2)
			return false;
		if (digit < t)
			break;
		weight *= 36 - t;
		if (weight > PG_INT32_MAX)
			return false;
	}
	*delta = (int) value;
	return true;
}

/* Decodes what follows "xn--"; the length, or -1 if it is no Punycode. */
static int
punycode_decode(const pg_wchar *in, int len, pg_wchar *out)
{
	int			count = 0;
	int			at = 0;
	int			bias = 72;
	int64		code = 128;
	int			place = 0;

	for (int i = 0; i < len; i++)
	{
		if (in[i] == '-')
			count = i;
	}
	memcpy(out, in, count * sizeof(pg_wchar));
	at = count > 0 ? count + 1 : 0;
	while (at < len)
	{
		int			delta;

		if (count >= LABEL_MAX ||
			!punycode_delta(in, len, &at, bias, &delta))
			return -1;
		bias = punycode_adapt(delta, count + 1, code == 128 && place == 0);
		place += delta;
		code += place / (count + 1);
		place %= count + 1;
		if (code > CODE_POINT_MAX || (code >= 0xD800 && code <= 0xDFFF))
			return -1;
		memmove(out + place + 1, out + place,
				(count - place) * sizeof(pg_wchar));
		out[place++] = code;
		count++;
	}
	return count;
}

static bool
has_script(pg_wchar c, const char *script)
{
	return unicode_has_property(c, psprintf("sc=%s", script));
}

/* The joiner stands where Arabic letters would join (RFC 5892, A.1). */
static bool
joins_letters(const pg_wchar *label, int len, int at)
{
	int			before = at - 1;
	int			after = at + 1;

	while (before >= 0 &&
		   unicode_has_property(label[before], "idna=joining_T"))
		before--;
	while (after < len && unicode_has_property(label[after], "idna=joining_T"))
		after++;
	if (before < 0 || after >= len)
		return false;
	return (unicode_has_property(label[before], "idna=joining_L") ||
			unicode_has_property(label[before], "idna=joining_D")) &&
		(unicode_has_property(label[after], "idna=joining_R") ||
		 unicode_has_property(label[after], "idna=joining_D"));
}

static bool
any_in_range(const pg_wchar *label, int len, pg_wchar first, pg_wchar last)
{
	for (int i = 0; i < len; i++)
	{
		if (label[i] >= first && label[i] <= last)
			return true;
	}
	return false;
}

static bool
any_japanese(const pg_wchar *label, int len)
{
	for (int i = 0; i < len; i++)
	{
		if (label[i] != 0x30FB &&
			(has_script(label[i], "Hiragana") ||
			 has_script(label[i], "Katakana") || has_script(label[i], "Han")))
			return true;
	}
	return false;
}

/* The code points that are allowed by what is around them (RFC 5892, A). */
static bool
context_allows(const pg_wchar *label, int len, int at)
{
	pg_wchar	before = at > 0 ? label[at - 1] : 0;
	pg_wchar	after = at + 1 < len ? label[at + 1] : 0;
	pg_wchar	c = label[at];

	switch (c)
	{
		case 0x200C:
			return unicode_has_property(before, "idna=virama") ||
				joins_letters(label, len, at);
		case 0x200D:
			return unicode_has_property(before, "idna=virama");
		case 0xB7:
			return before == 'l' && after == 'l';
		case 0x375:
			return has_script(after, "Greek");
		case 0x5F3:
		case 0x5F4:
			return has_script(before, "Hebrew");
		case 0x30FB:
			return any_japanese(label, len);
	}
	if (c >= 0x660 && c <= 0x669)
		return !any_in_range(label, len, 0x6F0, 0x6F9);
	if (c >= 0x6F0 && c <= 0x6F9)
		return !any_in_range(label, len, 0x660, 0x669);
	return false;
}

static bool
has_bidi(pg_wchar c, const char *classes)
{
	char		name[12] = "bidi=";

	while (*classes != '\0')
	{
		int			n = strcspn(classes, " ");

		memcpy(name + 5, classes, n);
		name[5 + n] = '\0';
		if (unicode_has_property(c, name))
			return true;
		classes += n + strspn(classes + n, " ");
	}
	return false;
}

/* The Bidi rule (RFC 5893, 2), for a label with a right-to-left character. */
static bool
bidi_rule_holds(const pg_wchar *label, int len)
{
	bool		right_to_left = has_bidi(label[0], "R AL");
	const char *allowed = right_to_left ? "R AL AN EN ES CS ET ON BN NSM" :
		"L EN ES CS ET ON BN NSM";
	bool		arabic_number = false;
	bool		european_number = false;
	int			last = len - 1;

	if (!right_to_left && !has_bidi(label[0], "L"))
		return false;
	for (int i = 0; i < len; i++)
	{
		if (!has_bidi(label[i], allowed))
			return false;
		arabic_number |= has_bidi(label[i], "AN");
		european_number |= has_bidi(label[i], "EN");
	}
	while (last > 0 && has_bidi(label[last], "NSM"))
		last--;
	if (right_to_left)
		return has_bidi(label[last], "R AL EN AN") &&
			!(arabic_number && european_number);
	return has_bidi(label[last], "L EN");
}

static bool
needs_bidi_rule(const pg_wchar *label, int len)
{
	for (int i = 0; i < len; i++)
	{
		if (has_bidi(label[i], "R AL AN"))
			return true;
	}
	return false;
}

/* RFC 5891, 4.2.1 and 5.3: a U-label is in normalization form C. */
static bool
is_nfc(const pg_wchar *label, int len)
{
	pg_wchar   *closed = palloc((len + 1) * sizeof(pg_wchar));
	UnicodeNormalizationQC quick;
	bool		equal;

	/* the server's functions go by a closing zero */
	memcpy(closed, label, len * sizeof(pg_wchar));
	closed[len] = 0;
	quick = unicode_is_normalized_quickcheck(UNICODE_NFC, closed);
	equal = quick == UNICODE_NORM_QC_YES;
	if (quick == UNICODE_NORM_QC_MAYBE)
	{
		pg_wchar   *normal = unicode_normalize(UNICODE_NFC, closed);

		equal = memcmp(normal, closed, (len + 1) * sizeof(pg_wchar)) == 0;
		pfree(normal);
	}
	pfree(closed);
	return equal;
}

/* A label with characters beyond ASCII (RFC 5891, 4.2 and 5.4). */
static bool
u_label_is_valid(const pg_wchar *label, int len)
{
	if (len == 0 || label[0] == '-' || label[len - 1] == '-' ||
		(len >= 4 && label[2] == '-' && label[3] == '-') ||
		unicode_has_property(label[0], "gc=M"))
		return false;
	for (int i = 0; i < len; i++)
	{
		if (!unicode_has_property(label[i], "idna=pvalid") &&
			!context_allows(label, len, i))
			return false;
	}
	return is_nfc(label, len) &&
		(!needs_bidi_rule(label, len) || bidi_rule_holds(label, len));
}

static bool
is_a_label(const pg_wchar *label, int len)
{
	return len >= 4 && (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' &&
		label[2] == '-' && label[3] == '-';
}

static bool
ascii_label_is_valid(const pg_wchar *label, int len)
{
	pg_wchar	decoded[LABEL_MAX + 1];
	int			count;

	if (len > LABEL_MAX || label[0] == '-' || label[len - 1] == '-')
		return false;
	for (int i = 0; i < len; i++)
	{
		if (!is_ldh(label[i]))
			return false;
	}
	if (!is_a_label(label, len))
		return true;
	count = punycode_decode(label + 4, len - 4, decoded);
	if (count <= 0)
		return false;
	for (int i = 0; i < count; i++)
	{
		if (decoded[i] >= 128)
			return u_label_is_valid(decoded, count);
	}
	return false;				/* it had no need to be encoded */
}

/* How long the label would be in Punycode, with its prefix. */
static int
encoded_length(const pg_wchar *label, int len)
{
	int			length = 4;
	int			beyond = 0;
	int			done = 0;
	int			bias = 72;
	int64		delta = 0;
	pg_wchar	code = 128;

	for (int i = 0; i < len; i++)
	{
		if (label[i] < 128)
			length++;
		else
			beyond++;
	}
	done = len - beyond;
	if (done > 0)
		length++;
	for (bool first = true; beyond > 0; code++)
	{
		pg_wchar	next = CODE_POINT_MAX;

		for (int i = 0; i < len; i++)
		{
			if (label[i] >= code && label[i] < next)
				next = label[i];
		}
		delta += (int64) (next - code) * (done + 1);
		code = next;
		for (int i = 0; i < len; i++)
		{
			if (label[i] < code)
				delta++;
			if (label[i] != code)
				continue;
			for (int64 q = delta, k = 36;; k += 36)
			{
				int			t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;

				length++;
				if (q < t)
					break;
				q = (q - t) / (36 - t);
			}
			bias = punycode_adapt((int) delta, done + 1, first);
			first = false;
			delta = 0;
			done++;
			beyond--;
		}
		delta++;
	}
	return length;
}

static bool
label_is_valid(const pg_wchar *label, int len, bool international)
{
	bool		ascii = true;

	for (int i = 0; i < len; i++)
		ascii &= label[i] < 128;
	if (len == 0)
		return false;
	if (ascii)
		return ascii_label_is_valid(label, len);
	return international && len <= LABEL_MAX &&
		u_label_is_valid(label, len) &&
		encoded_length(label, len) <= LABEL_MAX;
}

/* The full stops that an international name may have between labels. */
static bool
is_separator(pg_wchar c, bool international)
{
	return c == '.' ||
		(international && (c == 0x3002 || c == 0xFF0E || c == 0xFF61));
}

/*
 * In a name with a right-to-left label the Bidi rule holds for each label
 * (RFC 5893, 1.4), those without such characters included.
 */
static bool
bidi_name_is_valid(const pg_wchar *name, int count)
{
	int			start = 0;

	if (!needs_bidi_rule(name, count))
		return true;
	for (int i = 0; i <= count; i++)
	{
		if (i < count && !is_separator(name[i], true))
			continue;
		if (!is_a_label(name + start, i - start) &&
			!bidi_rule_holds(name + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}

static bool
labels_are_valid(const pg_wchar *name, int count, bool international)
{
	int			start = 0;

	if (count > NAME_MAX)
		return false;
	for (int i = 0; i <= count; i++)
	{
		if (i < count && !is_separator(name[i], international))
			continue;
		if (!label_is_valid(name + start, i - start, international))
			return false;
		start = i + 1;
	}
	return !international || bidi_name_is_valid(name, count);
}

static bool
check_hostname(const char *str, int len, bool international)
{
	int			count;
	pg_wchar   *name;
	bool		valid;

	if (len == 0 || len > NAME_MAX * MAX_MULTIBYTE_CHAR_LEN)
		return false;
	name = unicode_from_server(str, len, &count);
	valid = labels_are_valid(name, count, international);
	pfree(name);
	return valid;
}

bool
format_hostname(const char *str, int len, const char **reason)
{
	return check_hostname(str, len, false);
}

bool
format_idn_hostname(const char *str, int len, const char **reason)
{
	return check_hostname(str, len, true);
}
