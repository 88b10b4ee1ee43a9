/*
 * routes/router.c
 *		Which route a method and a path are.
 */
#include "routes/router.h"

#include <string.h>

#include "base/field.h"

static bool pages_offered;

static const struct
{
	const char *name;
	Method		method;
}			METHODS[] = {
	{"GET", METHOD_GET},
	{"HEAD", METHOD_HEAD},
	{"POST", METHOD_POST},
	{"PUT", METHOD_PUT},
	{"PATCH", METHOD_PATCH},
	{"DELETE", METHOD_DELETE},
	{"OPTIONS", METHOD_OPTIONS},
};

#define METHOD_COUNT (sizeof(METHODS) / sizeof(METHODS[0]))

Method
method_from_name(const char *name)
{
	for (size_t i = 0; i < METHOD_COUNT; i++)
		if (strcmp(METHODS[i].name, name) == 0)
			return METHODS[i].method;
	return METHOD_OTHER;
}

/*
 * Does the path have the pattern's segments?  Then *id is what stands for {id},
 * and *name what stands for another one after that.
 */
static bool
path_matches(const char *pattern, const Uri *uri, const Piece **id,
			 const Piece **name)
{
	int			segment = 0;

	*id = *name = NULL;
	while (*pattern == '/')
	{
		size_t		length = strcspn(++pattern, "/");
		const Piece *given;

		if (segment == uri->segment_count)
			return false;
		given = &uri->segments[segment++];
		if (*pattern == '{')
			*(*id == NULL ? id : name) = given;
		else if (given->bad || given->length != length ||
				 memcmp(given->text, pattern, length) != 0)
			return false;
		pattern += length;
	}
	return segment == uri->segment_count;
}

void
route_find(RouteMatch *match, const Uri *uri, Method method)
{
	memset(match, 0, sizeof(*match));
	if (method == METHOD_HEAD)
		method = METHOD_GET;
	for (int i = 0; i < ROUTE_COUNT; i++)
	{
		const Route *route = &ROUTES[i];
		const Piece *id;
		const Piece *name;

		if (!path_matches(route->path, uri, &id, &name))
			continue;
		match->id = id;
		match->name = name;
		match->methods |= route->method | METHOD_OPTIONS;
		if (route->method == METHOD_GET)
			match->methods |= METHOD_HEAD;
		if (route->method == method)
		{
			match->route = route;
			return;
		}
	}
}

void
route_offer_pages(void)
{
	pages_offered = true;
}

void
route_negotiate(RouteMatch *match, const char *accept)
{
	const Route *route = match->route;

	if (!pages_offered || route == NULL || route->page == NULL)
		return;
	match->negotiated = true;
	if (accept != NULL && accept_prefers_page(accept, route->produces))
		match->route = route_named(route->page);
}

void
methods_write(Text *out, unsigned methods)
{
	const char *separator = "";

	for (size_t i = 0; i < METHOD_COUNT; i++)
	{
		if ((methods & METHODS[i].method) == 0)
			continue;
		text_add(out, separator);
		text_add(out, METHODS[i].name);
		separator = ", ";
	}
}
