/*
 * answers/pages.c
 *		The pages for people and the files that they need, in memory.
 *
 * A file is served under a name that begins with its digest, so that it may be
 * kept for ever.  Modules name each other, so they keep their names, in a
 * folder that is named after all files of this build, the release.
 *
 * A page is a template: {{FILE}} is where that file is served, {{./FILE}} where
 * it is as a module; {{auth}}, {{issuer}}, {{client}} and {{scope}} are what a
 * login uses; {{problem}} is where a page says why it is not another.
 */
#include "answers/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/auth.h"
#include "base/digest.h"
#include "base/embedded.h"
#include "base/text.h"
#include "config.h"
#include "routes/router.h"

#define WELL_KNOWN "/.well-known/openid-configuration"
#define RELEASE_LENGTH 16

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
static char release[DIGEST_SIZE];

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

/* Where the provider's own description is, without what is the same for all. */
static void
add_issuer(Text *out)
{
	const char *url = auth_login().discovery_url;
	const char *end = url ? strstr(url, WELL_KNOWN) : NULL;
	char	   *issuer = end ? strndup(url, (size_t) (end - url)) : NULL;

	if (issuer != NULL)
		text_add_escaped(out, issuer);
	free(issuer);
}

static bool
is_word(const char *name, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(name, word, length) == 0;
}

/* An operator wrote the settings, but they are still not markup. */
static bool
add_setting(Text *out, const char *name, size_t length)
{
	if (is_word(name, length, "auth"))
		text_add(out, config.auth == AUTH_ON ? "on" : "off");
	else if (is_word(name, length, "issuer"))
		add_issuer(out);
	else if (is_word(name, length, "client"))
		text_add_escaped(out, config.docs_client_id ? config.docs_client_id : "");
	else if (is_word(name, length, "scope"))
		text_add_escaped(out, config.docs_scope ? config.docs_scope : "");
	else
		return false;
	return true;
}

/* False when it names a file that is not there. */
static bool
add_file(Text *out, const char *name, size_t length)
{
	bool		module = length > 2 && memcmp(name, "./", 2) == 0;
	size_t		skipped = module ? 2 : 0;
	const Served *file = find_file(name + skipped, length - skipped);

	if (file == NULL)
		return false;
	if (module)
		text_format(out, MODULE_FOLDER "%s/%s", release, file->file->name);
	else
		text_format(out, PAGE_FOLDER "%s", file->name);
	return true;
}

static bool
expand(Text *out, const char *template, const char *end, size_t *place)
{
	while (template < end)
	{
		const char *open = memmem(template, (size_t) (end - template), "{{", 2);
		const char *close;
		size_t		length;

		if (open == NULL)
			break;
		close = memmem(open, (size_t) (end - open), "}}", 2);
		if (close == NULL)
			break;
		text_add_bytes(out, template, (size_t) (open - template));
		open += 2;
		length = (size_t) (close - open);
		if (is_word(open, length, "problem"))
			*place = out->length;
		else if (!add_setting(out, open, length) && !add_file(out, open, length))
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

	if (!expand(&body, one->file->start, one->file->end, &one->page.place))
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
	one->page.is_app = strcmp(one->file->name, APP_PAGE) == 0;
	if (one->page.is_app)
		route_offer_pages();
	return true;
}

static bool
name_release(void)
{
	Text		digests = {0};
	bool		good;

	for (int i = 0; i < EMBEDDED_COUNT; i++)
		text_add(&digests, EMBEDDED_FILES[i].digest);
	good = !text_failed(&digests) &&
		digest_text(digests.data, digests.length, release);
	release[RELEASE_LENGTH] = '\0';
	text_free(&digests);
	return good;
}

bool
pages_start(void)
{
	bool		good = true;

	served = calloc((size_t) EMBEDDED_COUNT, sizeof(*served));
	if (served == NULL || !name_release())
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

const Page *
pages_find_module(const char *of_release, const char *name)
{
	const Served *file = find_file(name, strlen(name));

	return file != NULL && strcmp(of_release, release) == 0 ? &file->page : NULL;
}
