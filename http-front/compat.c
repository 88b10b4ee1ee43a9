/*
 * compat.c
 *		Where the libmicrohttpds that we build with and run on differ.
 *
 * All that is known of the inside of a library is here, and is used with the
 * one that it is known of: what runs may be newer than what we were built with.
 */
#include "compat.h"

#include <string.h>

#define FOLDED "a header is folded over several lines"
#define HIDDEN "a header has a NUL in it"

static bool
is_old(void)
{
	return strncmp(MHD_get_version(), "0.9.", 4) == 0;
}

int
compat_strictness(void)
{
	return is_old() ? 0 : 1;
}

bool
compat_says_refused(const char *format)
{
	static const char start[] = "Error processing request";

	return strncmp(format, start, sizeof(start) - 1) == 0;
}

static bool
is_within(const CompatHead *head, const char *place)
{
	return place >= head->seen && place <= head->end;
}

/* Whatever is not blank there was hidden by a NUL. */
static bool
hides(const char *from, const char *to)
{
	for (; from < to; from++)
		if (*from != '\0' && strchr("\r\n\t ", *from) == NULL)
			return true;
	return false;
}

const char *
compat_begin(CompatHead *head, const char *method, size_t target,
			 const char *version, size_t size)
{
	memset(head, 0, sizeof(*head));

	/*
	 * In 0.9 a head lies in one buffer, and 0.9 is finished.  Without a
	 * version there are no fields.
	 */
	if (!is_old() || version[0] == '\0' || version < method ||
		(size_t) (version - method) > size)
		return NULL;
	head->start = method;
	head->seen = version + strlen(version);
	head->end = method + size;
	if (method + strlen(method) + 1 + target + 1 != version)
		return "the request line has a NUL or too many blanks in it";
	return NULL;
}

const char *
compat_field(CompatHead *head, const char *name, const char *value,
			 size_t length)
{
	const char *from = head->seen;

	if (head->start == NULL)
		return NULL;
	/* The name of what was folded was moved elsewhere. */
	if (!is_within(head, name) ||
		(value != NULL && !is_within(head, value)))
		return FOLDED;
	head->seen = value != NULL ? value + length : name;
	return hides(from, name) ? HIDDEN : NULL;
}

const char *
compat_end(CompatHead *head)
{
	return head->start != NULL && hides(head->seen, head->end) ? HIDDEN : NULL;
}
