/*
 * base/field.c
 *		What is in a header field: entity tags, media types, keys.
 */
#include "base/field.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct Tag
{
	const char *text;			/* what stands between the quotes */
	size_t		length;
	bool		weak;
	bool		ascii;			/* so are all that we make */
} Tag;

/* What stands behind a media type: NAME=VALUE. */
typedef struct Parameter
{
	const char *name;
	size_t		name_length;
	const char *value;			/* without its quotes, if it has any */
	size_t		value_length;
} Parameter;

static const char *
skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

static const char *
skip_list_blanks(const char *text)
{
	return text + strspn(text, " \t,");
}

/* The database does not know the suffix that a compressed answer's tag has. */
static void
strip_suffix(Tag *tag)
{
	static const size_t length = sizeof(COMPRESS_SUFFIX) - 1;

	if (tag->length > length &&
		memcmp(tag->text + tag->length - length, COMPRESS_SUFFIX, length) == 0)
		tag->length -= length;
}

/* RFC 9110, 8.8.3: everything visible but the quote, and bytes beyond ASCII. */
static bool
is_tag_byte(unsigned char c)
{
	return c == 0x21 || (c >= 0x23 && c != 0x7F);
}

/*
 * Read one entity tag and what separates it from the next.  NULL when it is
 * not a tag.
 */
static const char *
read_tag(const char *rest, Tag *tag)
{
	tag->weak = strncmp(rest, "W/", 2) == 0;
	if (tag->weak)
		rest += 2;
	if (*rest++ != '"')
		return NULL;
	tag->text = rest;
	tag->ascii = true;
	for (; is_tag_byte((unsigned char) *rest); rest++)
		tag->ascii = tag->ascii && (unsigned char) *rest < 0x80;
	tag->length = (size_t) (rest - tag->text);
	if (*rest++ != '"')
		return NULL;
	strip_suffix(tag);
	rest = skip_blanks(rest);
	if (*rest != '\0' && *rest != ',')
		return NULL;
	return skip_list_blanks(rest);
}

static bool
is_any(const char *field)
{
	return field[0] == '*' && *skip_blanks(field + 1) == '\0';
}

TagMatch
tags_match(const char *field, const char *tag, bool strong)
{
	size_t		length = strlen(tag);
	TagMatch	result = TAGS_DIFFER;
	const char *rest = skip_list_blanks(field);

	if (is_any(rest))
		return TAGS_MATCH;
	if (*rest == '\0')
		return TAGS_MALFORMED;
	while (*rest != '\0')
	{
		Tag			given;

		rest = read_tag(rest, &given);
		if (rest == NULL)
			return TAGS_MALFORMED;
		if (given.length == length && !(strong && given.weak) &&
			memcmp(given.text, tag, length) == 0)
			result = TAGS_MATCH;
	}
	return result;
}

static void
strip_format(Tag *tag)
{
	const char *mark = memchr(tag->text, FORMAT_MARK, tag->length);

	if (mark != NULL)
		tag->length = (size_t) (mark - tag->text);
}

static void
add_array_element(Text *array, const Tag *tag)
{
	text_add(array, array->length > 1 ? ",\"" : "\"");
	for (size_t i = 0; i < tag->length; i++)
	{
		/* A tag holds no quote; a backslash is all there is to escape. */
		if (tag->text[i] == '\\')
			text_add_char(array, '\\');
		text_add_char(array, tag->text[i]);
	}
	text_add_char(array, '"');
}

bool
tags_to_array(const char *field, Text *array)
{
	const char *rest = skip_list_blanks(field);

	if (*rest == '\0')
		return false;
	text_add_char(array, '{');
	if (is_any(rest))
	{
		text_add(array, "*}");
		return true;
	}
	while (*rest != '\0')
	{
		Tag			tag;

		rest = read_tag(rest, &tag);
		if (rest == NULL)
			return false;
		strip_format(&tag);
		/* PostgreSQL need not see a tag that can never match. */
		if (!tag.weak && tag.ascii)
			add_array_element(array, &tag);
	}
	text_add_char(array, '}');
	return true;
}

static size_t
trimmed_length(const char *text, size_t length)
{
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	return length;
}

/*
 * The length of what comes before one of the "stops" and is not in a quoted
 * string (RFC 9110, 5.6.4).  A quote that is not closed does not count as one.
 */
static size_t
span_unquoted(const char *text, const char *stops)
{
	bool		quoted = false;
	size_t		i = 0;

	for (; text[i] != '\0'; i++)
	{
		if (quoted && text[i] == '\\' && text[i + 1] != '\0')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && strchr(stops, text[i]) != NULL)
			return i;
	}
	return quoted ? strcspn(text, stops) : i;
}

/*
 * Read the parameter that "rest" begins with, up to "end"; blanks around its
 * parts do not count.  Returns what is behind it.
 */
static const char *
read_parameter(const char *rest, const char *end, Parameter *parameter)
{
	size_t		length;
	const char *equal;

	rest += strspn(rest, "; \t");
	length = span_unquoted(rest, ";");
	if (length > (size_t) (end - rest))
		length = (size_t) (end - rest);
	equal = memchr(rest, '=', length);
	parameter->name = rest;
	parameter->name_length = trimmed_length(rest, equal != NULL ?
											(size_t) (equal - rest) : length);
	parameter->value = equal != NULL ? skip_blanks(equal + 1) : rest + length;
	if (parameter->value > rest + length)
		parameter->value = rest + length;
	parameter->value_length =
		trimmed_length(parameter->value,
					   (size_t) (rest + length - parameter->value));
	if (parameter->value_length >= 2 && parameter->value[0] == '"' &&
		parameter->value[parameter->value_length - 1] == '"')
	{
		parameter->value++;
		parameter->value_length -= 2;
	}
	return rest + length;
}

static bool
equals(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/*
 * How specifically a media range names the type: 3 itself, 2 its kind, 1
 * anything, 0 not at all.
 */
static int
range_precision(const char *range, size_t length, const char *type)
{
	size_t		kind = strcspn(type, "/");

	if (equals(range, length, type))
		return 3;
	/* Java's old client writes a lone asterisk. */
	if (equals(range, length, "*/*") || equals(range, length, "*"))
		return 1;
	if (length == kind + 2 && range[length - 1] == '*' &&
		strncasecmp(range, type, kind + 1) == 0)
		return 2;
	return 0;
}

/*
 * A weight of 0 to 1 in thousandths, or -1.  RFC 9110, 12.4.2, asks for a
 * digit before the point and for three behind it at most; clients leave out
 * the first and send more of the others, which does no harm.
 */
static int
quality(const char *text, size_t length)
{
	const char *end = text + length;
	bool		digits = false;
	int			value = 0;
	int			place = 1000;

	for (; text < end && isdigit((unsigned char) *text) && value <= 1; text++)
	{
		digits = true;
		value = value * 10 + (*text - '0');
	}
	value *= place;
	if (text < end && *text == '.')
	{
		for (text++; text < end && isdigit((unsigned char) *text); text++)
		{
			digits = true;
			place /= 10;
			value += (*text - '0') * place;
		}
	}
	return digits && text == end && value <= 1000 ? value : -1;
}

/* The weight among a range's parameters; 1000 without one. */
static int
range_weight(const char *rest, const char *end, int malformed)
{
	while (rest < end)
	{
		Parameter	parameter;

		rest = read_parameter(rest, end, &parameter);
		if (equals(parameter.name, parameter.name_length, "q"))
		{
			int			weight = quality(parameter.value,
										 parameter.value_length);

			return weight < 0 ? malformed : weight;
		}
	}
	return 1000;
}

/* What an Accept field says of a type. */
typedef struct Wish
{
	int			precision;		/* of the range that decides; 0: none does */
	int			weight;			/* in thousandths */
} Wish;

/* A malformed weight is ignored, because a 406 would help nobody. */
static Wish
find_wish(const char *field, const char *type)
{
	Wish		wish = {0};
	const char *rest = skip_list_blanks(field);

	while (*rest != '\0')
	{
		size_t		length = span_unquoted(rest, ",");
		size_t		range = strcspn(rest, ";,");
		int			precision;

		precision = range_precision(rest, trimmed_length(rest, range), type);
		if (precision > wish.precision)
		{
			wish.precision = precision;
			wish.weight = range_weight(rest + range, rest + length, 1000);
		}
		rest = skip_list_blanks(rest + length);
	}
	return wish;
}

int
accept_weight(const char *field, const char *type)
{
	Wish		wish = find_wish(field, type);

	if (*skip_list_blanks(field) == '\0')
		return 1000;
	return wish.precision == 0 ? -1 : wish.weight;
}

bool
accept_names(const char *field, const char *type)
{
	return find_wish(field, type).precision == 3;
}

Acceptance
accept_find(const char *field, const char *type)
{
	int			weight = accept_weight(field, type);

	if (weight < 0)
		return ACCEPT_UNNAMED;
	return weight > 0 ? ACCEPT_ALLOWED : ACCEPT_REFUSED;
}

/* Every browser names XHTML as well, and no other client has a reason to. */
bool
accept_prefers_page(const char *field, const char *other)
{
	Wish		page = find_wish(field, "text/html");
	Wish		rest = find_wish(field, other);

	return page.precision == 3 && page.weight > rest.weight &&
		(rest.precision == 3 || rest.weight == 0 ||
		 find_wish(field, "application/xhtml+xml").precision == 3);
}

/*
 * An encoding that is not named is allowed only by *.  Without the field
 * nothing is allowed.  A client that prefers identity gets identity.
 */
bool
accepts_gzip(const char *field)
{
	int			gzip = -1;
	int			others = 0;
	int			plain = 0;
	const char *rest = skip_list_blanks(field);

	while (*rest != '\0')
	{
		size_t		length = strcspn(rest, ",");
		size_t		coding = strcspn(rest, ";,");
		size_t		trimmed = trimmed_length(rest, coding);
		int			weight = range_weight(rest + coding, rest + length, 0);

		if (equals(rest, trimmed, "gzip") || equals(rest, trimmed, "x-gzip"))
			gzip = weight;
		else if (equals(rest, trimmed, "*"))
			others = weight;
		else if (equals(rest, trimmed, "identity"))
			plain = weight;
		rest = skip_list_blanks(rest + length);
	}
	if (gzip < 0)
		gzip = others;
	return gzip > 0 && gzip >= plain;
}

static bool
is_utf8(const char *charset, size_t length)
{
	static const char *const names[] = {"", "utf-8", "utf8", "us-ascii", "ascii"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (equals(charset, length, names[i]))
			return true;
	return false;
}

/*
 * RFC 8259 defines no parameters for JSON and gives no meaning to any that are
 * sent.  But if a client says that the body is in another encoding, we believe
 * it.
 */
static bool
parameters_allow(const char *rest)
{
	const char *end = rest + strlen(rest);

	while (rest < end)
	{
		Parameter	parameter;

		rest = read_parameter(rest, end, &parameter);
		if (equals(parameter.name, parameter.name_length, "charset") &&
			!is_utf8(parameter.value, parameter.value_length))
			return false;
	}
	return true;
}

/* "application/merge-patch+json" for a patch, else another one with that suffix. */
static bool
has_suffix(const char *type, size_t length, const char *suffix, bool merge_patch)
{
	static const char kind[] = "application/";
	static const char patch[] = "application/merge-patch";
	size_t		rest;

	if (length <= strlen(kind) + strlen(suffix))
		return false;
	rest = length - strlen(suffix);
	if (strncasecmp(type, kind, strlen(kind)) != 0 ||
		!equals(type + rest, strlen(suffix), suffix))
		return false;
	return merge_patch == equals(type, rest, patch) &&
		!equals(type, rest, "application/json-patch");
}

bool
content_is_json(const char *field, bool merge_patch)
{
	size_t		length = strcspn(field, ";");
	size_t		type = trimmed_length(field, length);

	return (equals(field, type, "application/json") ||
			has_suffix(field, type, "+json", merge_patch)) &&
		parameters_allow(field + length);
}

bool
content_is_yaml(const char *field, bool merge_patch)
{
	size_t		length = strcspn(field, ";");
	size_t		type = trimmed_length(field, length);

	return (equals(field, type, "application/yaml") ||
			equals(field, type, "application/x-yaml") ||
			equals(field, type, "text/yaml") ||
			equals(field, type, "text/x-yaml") ||
			has_suffix(field, type, "+yaml", merge_patch)) &&
		parameters_allow(field + length);
}

bool
content_is_json_lines(const char *field)
{
	size_t		length = strcspn(field, ";");
	size_t		type = trimmed_length(field, length);

	return (equals(field, type, "application/x-ndjson") ||
			equals(field, type, "application/jsonl")) &&
		parameters_allow(field + length);
}

/* Eight hexadecimal digits at most; NULL when there are none. */
static const char *
read_half(const char *text, uint64_t *value)
{
	size_t		length = strspn(text, "0123456789ABCDEFabcdef");

	*value = strtoull(text, NULL, 16);
	return length >= 1 && length <= 8 ? text + length : NULL;
}

/* A colon and a number up to a bound; NULL when it is something else. */
static const char *
read_number(const char *text, uint64_t most, uint64_t *value)
{
	size_t		length;

	if (*text++ != ':')
		return NULL;
	length = strspn(text, "0123456789");
	errno = 0;
	*value = strtoull(text, NULL, 10);
	return length >= 1 && errno == 0 && *value >= 1 && *value <= most ?
		text + length : NULL;
}

bool
position_read(const char *value, Position *position)
{
	uint64_t	high;
	uint64_t	low;

	position->timeline = position->cluster = 0;
	value = read_half(value, &high);
	if (value == NULL || *value++ != '/')
		return false;
	value = read_half(value, &low);
	position->place = high << 32 | low;
	if (value != NULL && *value == ':')
	{
		value = read_number(value, UINT32_MAX, &position->timeline);
		if (value != NULL)
			value = read_number(value, UINT64_MAX, &position->cluster);
	}
	return value != NULL && *value == '\0';
}

void
position_write(const Position *position, char text[POSITION_TEXT])
{
	int			length = snprintf(text, POSITION_TEXT,
								  "%" PRIX64 "/%" PRIX64,
								  position->place >> 32,
								  position->place & UINT32_MAX);

	if (position->timeline != 0)
		snprintf(text + length, POSITION_TEXT - (size_t) length,
				 ":%" PRIu64 ":%" PRIu64, position->timeline,
				 position->cluster);
}

bool
position_covers(const Position *reached, const Position *asked)
{
	return asked->place == 0 ||
		(reached->place >= asked->place &&
		 reached->timeline == asked->timeline &&
		 reached->cluster == asked->cluster);
}

/* RFC 9110, 5.6.2: what a field's name may be made of. */
bool
is_field_name(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char) name[i]) &&
			(name[i] == '\0' || strchr("!#$%&'*+-.^_`|~", name[i]) == NULL))
			return false;
	return length > 0;
}

/* Is any of eight bytes below a blank, or DEL?  A token has many to look at. */
static bool
has_control(const char *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t	word;
	uint64_t	deleted;

	memcpy(&word, bytes, sizeof(word));
	deleted = word ^ ones * 127;
	return (((word - ones * ' ') & ~word) | ((deleted - ones) & ~deleted)) &
		ones * 128;
}

/* RFC 9110, 5.5: no control character but the tab. */
bool
is_field_value(const char *value, size_t length)
{
	size_t		i = 0;

	while (i < length)
	{
		unsigned char c = (unsigned char) value[i];

		if (length - i >= 8 && !has_control(value + i))
			i += 8;
		else if ((c < ' ' && c != '\t') || c == 127)
			return false;
		else
			i++;
	}
	return true;
}

/* uri-host [ ":" port ] of RFC 9110; empty is what a target without one has. */
bool
is_host(const char *value)
{
	const char *rest = value;

	if (*rest == '[')
	{
		rest += 1 + strspn(rest + 1, "0123456789abcdefABCDEF:.");
		if (*rest++ != ']')
			return false;
	}
	else
		while (isalnum((unsigned char) *rest) ||
			   (*rest != '\0' && strchr("-._~%!$&'()*+,;=", *rest) != NULL))
			rest++;
	if (*rest == ':')
		rest += 1 + strspn(rest + 1, "0123456789");
	return *rest == '\0';
}

bool
is_token_text(const char *value, size_t most)
{
	size_t		length = strlen(value);

	if (length == 0 || length > most)
		return false;
	for (; *value != '\0'; value++)
		if (*value < 0x21 || *value > 0x7E)
			return false;
	return true;
}

bool
is_plain_id(const char *value)
{
	size_t		length = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
								"abcdefghijklmnopqrstuvwxyz0123456789._-");

	return length > 0 && length <= 128 && value[length] == '\0';
}

bool
is_traceparent(const char *value)
{
	static const char form[] = "hh-hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-hhhhhhhhhhhhhhhh-hh";

	/* A future version may have more at its end; ff is not a version. */
	if (strncmp(value, "ff", 2) == 0 || strlen(value) < strlen(form) ||
		(value[strlen(form)] != '\0' &&
		 (value[strlen(form)] != '-' || strncmp(value, "00", 2) == 0)))
		return false;
	for (size_t i = 0; form[i] != '\0'; i++)
	{
		bool		hex = isdigit((unsigned char) value[i]) ||
			(value[i] >= 'a' && value[i] <= 'f');

		if (form[i] == '-' ? value[i] != '-' : !hex)
			return false;
	}
	/* An id of zeros only means that there is none. */
	return strspn(value + 3, "0") < 32 && strspn(value + 36, "0") < 16;
}
