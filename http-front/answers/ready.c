/*
 * answers/ready.c
 *		The answer to /ready.
 */
#include "answers/ready.h"

#include <stdio.h>
#include <stdlib.h>

#include "answers/refuse.h"
#include "answers/response.h"
#include "auth/auth.h"
#include "db/pools.h"
#include "metrics/metrics.h"

/* The oldest extension that has everything that the route table calls. */
#define EXTENSION_NEEDED "1.1"

/* The extension's version when the database was asked last; "": it is not there. */
static char known[64];
static bool asked;

/*
 * Is the version at least the one needed?  Numbers are compared, so 1.10 comes
 * after 1.9.
 */
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

static void
say_ready(Request *request, const char *version)
{
	Text		body = {0};

	text_add(&body, "{\"status\":\"ready\",\"database\":\"reachable\"");
	text_add_member(&body, "extension", version);
	text_add_member(&body, "serves", EXTENSION_NEEDED " or later");
	text_add_member(&body, "reads", pools_state(pools_for_read(false, 0)));
	text_add_member(&body, "writes", pools_write_state());
	text_add_member(&body, "identityProvider", auth_state());
	text_add_char(&body, '}');
	if (!response_text(request, 200, &body))
		return;
	reply_media_type(&request->reply, "application/json");
	reply_header(&request->reply, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
}

/* Without one the extension is not there. */
static void
answer_version(Request *request, const char *version)
{
	Refusal    *refusal = &request->refusal;

	if (!auth_ready())
		refusal_note(refusal, PROBLEM_NOT_READY, "The log says why.",
					 "none of the identity provider's keys is known");
	else if (version == NULL)
		refusal_note(refusal, PROBLEM_NOT_READY,
					 "A DBA runs CREATE EXTENSION dpmeta.",
					 "the database does not have the extension dpmeta");
	else if (!version_suffices(version))
		refusal_note(refusal, PROBLEM_NOT_READY,
					 "A DBA runs ALTER EXTENSION dpmeta UPDATE.",
					 "the extension dpmeta is version %s and version %s is "
					 "needed", version, EXTENSION_NEEDED);
	if (is_refused(refusal))
		refuse_request(request);
	else
		say_ready(request, version);
}

void
answer_ready(Request *request, PGresult *result)
{
	const char *version = PQntuples(result) > 0 && !PQgetisnull(result, 0, 0) ?
		PQgetvalue(result, 0, 0) : "";

	snprintf(known, sizeof(known), "%s", version);
	asked = true;
	metrics_extension(known);
	answer_version(request, known[0] ? known : NULL);
	PQclear(result);
}

void
answer_ready_unasked(Request *request)
{
	if (asked)
		answer_version(request, known[0] ? known : NULL);
	else
		refuse_as(request, PROBLEM_BUSY);
}
