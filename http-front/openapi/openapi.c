/*
 * openapi/openapi.c
 *		The OpenAPI document, from the route table and the models in force.
 *
 * openapi/base.json has what is written by hand: the introduction, the forms
 * of answers, headers.  All the rest is derived.
 */
#include "openapi/openapi.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "auth/auth.h"
#include "base/embedded.h"
#include "config.h"
#include "openapi/models.h"
#include "openapi/operation.h"
#include "openapi/parts.h"
#include "openapi/responses.h"
#include "routes/router.h"

static OpenApi document;
static char *made_of;			/* the models and the login of that document */

static json_t *
load_base(void)
{
	for (int i = 0; i < EMBEDDED_COUNT; i++)
	{
		const EmbeddedFile *file = &EMBEDDED_FILES[i];

		if (strcmp(file->name, "base.json") == 0)
			return json_loadb(file->start, (size_t) (file->end - file->start),
							  0, NULL);
	}
	return NULL;
}

static void
add_paths(json_t *paths, json_t *components)
{
	for (int i = 0; i < ROUTE_COUNT; i++)
	{
		const Route *route = &ROUTES[i];
		json_t	   *item = json_object_get(paths, route->path);
		Text		method = {0};

		if (route->undocumented)
			continue;
		if (item == NULL)
		{
			item = json_object();
			parts_put(paths, route->path, item);
		}
		methods_write(&method, route->method);
		for (size_t c = 0; c < method.length; c++)
			method.data[c] |= 0x20; /* lower case */
		if (text_failed(&method))
			parts_fail();
		else
			parts_put(item, method.data, openapi_operation(route, components));
		text_free(&method);
	}
}

/* Scopes, each as Swagger UI offers it. */
static json_t *
docs_scopes(void)
{
	const char *rest = config.docs_scope ? config.docs_scope : "";
	json_t	   *scopes = json_object();

	while (*(rest += strspn(rest, " ")) != '\0')
	{
		size_t		length = strcspn(rest, " ");
		char	   *name = strndup(rest, length);

		if (name == NULL)
			parts_fail();
		else
			parts_put(scopes, name, json_string("What a login asks for"));
		free(name);
		rest += length;
	}
	return scopes;
}

/*
 * Until the provider was reached, we know only where its own description is.
 */
static json_t *
login_scheme(const AuthLogin *login)
{
	json_t	   *flows;
	json_t	   *person;
	json_t	   *script;

	if (login->authorization_url == NULL || login->token_url == NULL)
		return json_pack("{s:s, s:s, s:s}", "type", "openIdConnect",
						 "description", "A token of the identity provider.",
						 "openIdConnectUrl", login->discovery_url);
	person = json_pack("{s:s, s:s, s:o}",
					   "authorizationUrl", login->authorization_url,
					   "tokenUrl", login->token_url, "scopes", docs_scopes());
	script = json_pack("{s:s, s:o}", "tokenUrl", login->token_url,
					   "scopes", docs_scopes());
	flows = json_pack("{s:o, s:o}", "authorizationCode", person,
					  "clientCredentials", script);
	return json_pack("{s:s, s:s, s:o}", "type", "oauth2", "description",
					 "A token of the identity provider: people log in "
					 "(authorization code with PKCE), scripts have an "
					 "identity of their own (client credentials).",
					 "flows", flows);
}

static json_t *
make_document(const json_t *models, const AuthLogin *login)
{
	json_t	   *root = load_base();
	json_t	   *components = json_object_get(root, "components");

	parts_begin();
	parts_put(json_object_get(root, "info"), "version",
			  json_string(DPMETA_HTTP_VERSION));
	openapi_add_models(json_object_get(components, "schemas"), models);
	openapi_add_problems(components);
	add_paths(json_object_get(root, "paths"), components);
	if (login->discovery_url != NULL)
		parts_put(components, "securitySchemes",
				  json_pack("{s:o}", "login", login_scheme(login)));
	parts_put(root, "security", json_array());
	if (!parts_failed())
		return root;
	json_decref(root);
	return NULL;
}

/* Take a document over as the one to be served. */
static const OpenApi *
keep_document(json_t *root, Text *key)
{
	char	   *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
	OpenApi		made = {.text = text};

	json_decref(root);
	if (text == NULL || text_failed(key))
	{
		free(text);
		return NULL;
	}
	made.length = strlen(text);
	if (!digest_text(text, made.length, made.etag))
	{
		free(text);
		return NULL;
	}
	openapi_stop();
	document = made;
	made_of = text_release(key);
	return &document;
}

static void
write_key(Text *key, const char *models, const AuthLogin *login)
{
	const char *parts[] = {
		models, login->discovery_url, login->authorization_url,
		login->token_url
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
	{
		text_add(key, parts[i] ? parts[i] : "");
		text_add_char(key, '\n');
	}
}

const OpenApi *
openapi_document(const char *models)
{
	AuthLogin	login = auth_login();
	Text		key = {0};
	json_t	   *parsed;
	const OpenApi *result = NULL;

	write_key(&key, models, &login);
	if (made_of != NULL && !key.failed && strcmp(made_of, key.data) == 0)
	{
		text_free(&key);
		return &document;
	}
	parsed = json_loads(models, 0, NULL);
	if (parsed != NULL)
		result = keep_document(make_document(parsed, &login), &key);
	json_decref(parsed);
	text_free(&key);
	return result;
}

void
openapi_stop(void)
{
	free(document.text);
	free(made_of);
	document.text = NULL;
	made_of = NULL;
}
