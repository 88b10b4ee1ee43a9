/*
 * db/sqlstate.c
 *		What the front makes of an SQLSTATE: the one table of it.
 *
 * The longest beginning holds.  What is not here is a fault of ours or of
 * what a DBA added, and "internal"; so are the codes of a class that the table
 * names only in part, since they cannot come from what a client sends.  The
 * extension's own codes (class MD) stand with the problems themselves.
 */
#include "db/sqlstate.h"

#include <stddef.h>
#include <string.h>

#define AGAIN REMEDY_AGAIN
#define NEW_LANE REMEDY_NEW_LANE
#define ELSEWHERE REMEDY_ELSEWHERE
#define NEW_SERVER REMEDY_NEW_SERVER
#define P(name) PROBLEM_##name

typedef struct Meaning
{
	const char *state;			/* a code, or its first characters: a class */
	Problem		problem;
	Problem		bodiless;		/* of a request without a body; or
								 * PROBLEM_NONE */
	unsigned	remedies;
} Meaning;

static const Meaning MEANINGS[] = {
	/* the server goes away, or is not to be had */
	{"08", P(DATABASE_AWAY), P(NONE), NEW_LANE | ELSEWHERE},
	{"28", P(DATABASE_AWAY), P(NONE), NEW_LANE | ELSEWHERE},
	{"3D000", P(DATABASE_AWAY), P(NONE), NEW_LANE | ELSEWHERE},
	{"57P", P(DATABASE_AWAY), P(NONE), NEW_LANE | ELSEWHERE},
	/* ended by a DBA in the midst of a statement, which is undone by that */
	{"57P01", P(DATABASE_AWAY), P(NONE), AGAIN | NEW_LANE | ELSEWHERE},
	{"25P03", P(DATABASE_AWAY), P(NONE), NEW_LANE | ELSEWHERE},

	/* it has become a standby, or a DBA wants it so */
	{"25006", P(READ_ONLY), P(NONE), NEW_SERVER | ELSEWHERE},

	/* the statement that was prepared is stale or gone: it was not run */
	{"0A000", P(DATABASE_AWAY), P(NONE), AGAIN | NEW_LANE | ELSEWHERE},
	{"26000", P(DATABASE_AWAY), P(NONE), AGAIN | NEW_LANE | ELSEWHERE},
	{"42P05", P(DATABASE_AWAY), P(NONE), AGAIN | NEW_LANE | ELSEWHERE},

	/* others were in the way, and the whole transaction was undone */
	{"40", P(BUSY), P(NONE), AGAIN | ELSEWHERE},
	{"72000", P(BUSY), P(NONE), AGAIN | ELSEWHERE},
	/* a constraint, or an outcome that nobody knows: no reason to hurry */
	{"40002", P(INTERNAL), P(NONE), 0},
	{"40003", P(DATABASE_AWAY), P(NONE), NEW_LANE},
	/* somebody's lock was waited for long enough */
	{"55P03", P(BUSY), P(NONE), ELSEWHERE},
	{"55006", P(BUSY), P(NONE), ELSEWHERE},

	/*
	 * the extension and its library are of different versions: a new session
	 * may have the other library
	 */
	{"55000", P(DATABASE_AWAY), P(NONE), NEW_LANE | ELSEWHERE},

	/* it has not enough of something */
	{"53", P(BUSY), P(NONE), ELSEWHERE},
	{"53100", P(DATABASE_FULL), P(NONE), ELSEWHERE},

	/* the statement timeout, or somebody who cancelled it */
	{"57014", P(STOPPED), P(NONE), 0},
	{"25P04", P(STOPPED), P(NONE), NEW_LANE},

	/* a statement that was prepared of types that were dropped, for instance */
	{"XX000", P(INTERNAL), P(NONE), NEW_LANE},

	/* what a value may be at most: its sender's, or of what is to be told */
	{"54", P(LIMIT_EXCEEDED), P(ANSWER_TOO_LARGE), 0},
	/* the stack: only a document's nesting can be as deep */
	{"54001", P(MALFORMED_JSON), P(INVALID_PARAMETER), 0},

	/* what the ::jsonb cast refuses, and the casts of parameters with it */
	{"22P02", P(MALFORMED_JSON), P(INVALID_PARAMETER), 0},
	{"22P05", P(MALFORMED_JSON), P(INVALID_PARAMETER), 0},
	{"22021", P(MALFORMED_JSON), P(INVALID_PARAMETER), 0},
	{"22003", P(MALFORMED_JSON), P(INVALID_PARAMETER), 0},

	/*
	 * No such schema, function, table or column, or no right to it: the
	 * extension is not there, is older than the front, or the front's role
	 * was not granted it, or its library is gone.
	 */
	{"3F000", P(NOT_READY), P(NONE), ELSEWHERE},
	{"42883", P(NOT_READY), P(NONE), ELSEWHERE},
	{"42P01", P(NOT_READY), P(NONE), ELSEWHERE},
	{"42703", P(NOT_READY), P(NONE), ELSEWHERE},
	{"42704", P(NOT_READY), P(NONE), ELSEWHERE},
	{"42501", P(NOT_READY), P(NONE), ELSEWHERE},
	{"58P01", P(NOT_READY), P(NONE), ELSEWHERE},

	{SQLSTATE_BEHIND, P(DATABASE_AWAY), P(NONE), ELSEWHERE},
};

static const Meaning BROKEN = {"", P(DATABASE_AWAY), P(NONE), ELSEWHERE};
static const Meaning UNKNOWN = {"", P(INTERNAL), P(NONE), 0};

static Meaning
of_extension(Problem problem)
{
	Meaning		meaning = {"MD", problem, PROBLEM_NONE, 0};

	return meaning;
}

static Meaning
find_meaning(const char *sqlstate)
{
	const Meaning *best = &UNKNOWN;

	if (sqlstate == NULL)
		return BROKEN;
	for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++)
	{
		const char *own = problem_kind((Problem) i)->sqlstate;

		if (own != NULL && strcmp(own, sqlstate) == 0)
			return of_extension((Problem) i);
	}
	for (size_t i = 0; i < sizeof(MEANINGS) / sizeof(MEANINGS[0]); i++)
	{
		size_t		length = strlen(MEANINGS[i].state);

		if (strncmp(MEANINGS[i].state, sqlstate, length) == 0 &&
			length > strlen(best->state))
			best = &MEANINGS[i];
	}
	return *best;
}

/*
 * A route with a body owes what the input functions refuse to its body; one
 * without has only parameters that can be wrong.
 */
Problem
sqlstate_problem(const char *sqlstate, bool sent_body)
{
	Meaning		meaning = find_meaning(sqlstate);

	if (!sent_body && meaning.bodiless != PROBLEM_NONE)
		return meaning.bodiless;
	return meaning.problem;
}

bool
sqlstate_has(const char *sqlstate, unsigned remedies)
{
	return sqlstate != NULL &&
		(find_meaning(sqlstate).remedies & remedies) != 0;
}
