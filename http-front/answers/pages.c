/*
 * answers/pages.c
 *		The documentation pages and the files that they need, in memory.
 *
 * A file is served under a name that begins with its digest, so that it may be
 * kept for ever.  A page is a template: {{FILE}} is where that file is served,
 * {{client}} and {{scope}} are what a login uses.
 */
#include "answers/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/embedded.h"
#include "base/text.h"
#include "config.h"

typedef struct Served
{
	const EmbeddedFile *file;
	char	   *name;			/* in PAGE_FOLDER; NULL for a page */
	char		digest[DIGEST_SIZE];	/* of a page's body */
	char	   *expanded;		/* a page's body, NULL when it lacks a file */
	Page		page;
} Served;

static const struct
{
	const char *suffix;
	const char *type;
}			TYPES[] = {
	{".html", "text/html; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".png", "image/png"},
};

static Served *served;

static const char *
type_of(const char *name)
{
	const char *suffix = strrchr(name, '.');

	for (size_t i = 0; suffix && i < sizeof(TYPES) / sizeof(TYPES[0]); i++)
		if (strcmp(TYPES[i].suffix, suffix) == 0)
			return TYPES[i].type;
	return NULL;
}

static bool
is_page(const Served *one)
{
	const char *suffix = strrchr(one->file->name, '.');

	return suffix != NULL && strcmp(suffix, ".html") == 0;
}

static bool
start_asset(Served *one)
{
	const EmbeddedFile *file = one->file;
	Text		name = {0};

	one->page.type = type_of(file->name);
	one->page.body = file->start;
	one->page.size = (size_t) (file->end - file->start);
	one->page.gzip_size = (size_t) (file->gzip_end - file->gzip_start);
	if (one->page.gzip_size > 0)
		one->page.gzip = file->gzip_start;
	text_format(&name, "%.16s-%s", file->digest, file->name);
	if (!text_failed(&name))
		one->name = text_release(&name);
	return one->name != NULL;
}

/* An operator wrote the settings, but they are still not markup. */
static void
add_escaped(Text *out, const char *value)
{
	for (; value != NULL && *value != '\0'; value++)
	{
		if (strchr("<>&\"'", *value) != NULL)
			text_format(out, "&#%d;", *value);
		else
			text_add_char(out, *value);
	}
}

static const Served *
find_file(const char *name, size_t length)
{
	for (int i = 0; i < EMBEDDED_COUNT; i++)
		if (served[i].name != NULL &&
			strlen(served[i].file->name) == length &&
			memcmp(served[i].file->name, name, length) == 0)
			return &served[i];
	return NULL;
}

/* False when it names a file that is not there. */
static bool
add_value(Text *out, const char *name, size_t length)
{
	const Served *file = find_file(name, length);

	if (length == 6 && memcmp(name, "client", length) == 0)
		add_escaped(out, config.docs_client_id);
	else if (length == 5 && memcmp(name, "scope", length) == 0)
		add_escaped(out, config.docs_scope);
	else if (file == NULL)
		return false;
	else
		text_format(out, PAGE_FOLDER "%s", file->name);
	return true;
}

static bool
expand(Text *out, const char *template, const char *end)
{
	while (template < end)
	{
		const char *open = memmem(template, (size_t) (end - template), "{{", 2);
		const char *close;

		if (open == NULL)
			break;
		close = memmem(open, (size_t) (end - open), "}}", 2);
		if (close == NULL)
			break;
		text_add_bytes(out, template, (size_t) (open - template));
		if (!add_value(out, open + 2, (size_t) (close - open - 2)))
			return false;
		template = close + 2;
	}
	text_add_bytes(out, template, (size_t) (end - template));
	return true;
}

/* A page that lacks a file stays without a body. */
static bool
start_page(Served *one)
{
	Text		body = {0};

	if (!expand(&body, one->file->start, one->file->end))
	{
		text_free(&body);
		return true;
	}
	if (text_failed(&body) || !digest_text(body.data, body.length, one->digest))
	{
		text_free(&body);
		return false;
	}
	one->page.size = body.length;
	one->page.body = one->expanded = text_release(&body);
	one->page.type = type_of(one->file->name);
	one->page.etag = one->digest;
	return true;
}

bool
pages_start(void)
{
	bool		good = true;

	served = calloc((size_t) EMBEDDED_COUNT, sizeof(*served));
	if (served == NULL)
		return false;
	for (int i = 0; i < EMBEDDED_COUNT; i++)
	{
		served[i].file = &EMBEDDED_FILES[i];
		if (!is_page(&served[i]) && type_of(served[i].file->name) != NULL)
			good &= start_asset(&served[i]);
	}
	for (int i = 0; i < EMBEDDED_COUNT; i++)
		if (is_page(&served[i]))
			good &= start_page(&served[i]);
	return good;
}

void
pages_stop(void)
{
	for (int i = 0; served != NULL && i < EMBEDDED_COUNT; i++)
	{
		free(served[i].name);
		free(served[i].expanded);
	}
	free(served);
	served = NULL;
}

const Page *
pages_find(const char *name)
{
	for (int i = 0; i < EMBEDDED_COUNT; i++)
		if (served[i].expanded != NULL &&
			strcmp(served[i].file->name, name) == 0)
			return &served[i].page;
	return NULL;
}

const Page *
pages_find_asset(const char *name)
{
	for (int i = 0; i < EMBEDDED_COUNT; i++)
		if (served[i].name != NULL && strcmp(served[i].name, name) == 0)
			return &served[i].page;
	return NULL;
}
