/*
 * answers/ready.c
 *		The answer to /ready.
 */
#include "answers/ready.h"

#include <stdlib.h>

#include "answers/refusal.h"
#include "answers/response.h"
#include "auth/auth.h"
#include "metrics/metrics.h"

/* The oldest extension that has all that the route table calls. */
#define EXTENSION_NEEDED "1.1"

/* Is the version at least the one needed?  By its numbers, 1.10 after 1.9. */
static bool
version_suffices(const char *version)
{
	const char *needed = EXTENSION_NEEDED;

	while (*needed != '\0')
	{
		char	   *version_end;
		char	   *needed_end;
		long		difference = strtol(version, &version_end, 10) -
		strtol(needed, &needed_end, 10);

		if (difference != 0)
			return difference > 0;
		version = *version_end == '.' ? version_end + 1 : version_end;
		needed = *needed_end == '.' ? needed_end + 1 : needed_end;
	}
	return true;
}

void
reply_ready(Request *request, PGresult *result)
{
	const char *version = PQntuples(result) > 0 && !PQgetisnull(result, 0, 0) ?
		PQgetvalue(result, 0, 0) : NULL;
	Text		body = {0};

	metrics_extension(version ? version : "");
	if (!auth_ready())
	{
		request->problem = PROBLEM_NOT_READY;
		text_add(&request->detail,
				 "no key of the identity provider is known");
		request->hint = "The log says why.";
		reply_problem(request);
	}
	else if (version != NULL && version_suffices(version))
	{
		text_add(&body, "{\"status\":\"ready\",\"database\":\"reachable\"");
		text_add_member(&body, "extension", version);
		text_add_member(&body, "serves", EXTENSION_NEEDED " or later");
		text_add_member(&body, "identityProvider", auth_state());
		text_add_char(&body, '}');
		if (reply_set(request, reply_text(request, &body), 200))
		{
			reply_header(request, MHD_HTTP_HEADER_CONTENT_TYPE,
						 "application/json");
			reply_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
		}
	}
	else
	{
		request->problem = PROBLEM_NOT_READY;
		if (version == NULL)
			text_add(&request->detail,
					 "the database does not have the extension dpmeta");
		else
			text_format(&request->detail, "the extension dpmeta is version %s "
						"and version %s is needed", version, EXTENSION_NEEDED);
		request->hint = version ?
			"A DBA runs ALTER EXTENSION dpmeta UPDATE." :
			"A DBA runs CREATE EXTENSION dpmeta.";
		reply_problem(request);
	}
	PQclear(result);
}
