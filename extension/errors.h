/*
 * errors.h
 *		The SQLSTATEs that are dpmeta's own.  Class MD is outside the range
 *		that the SQL standard reserves.  One code for each kind of problem; the
 *		HTTP front maps each to a problem type and a status.  And how what is
 *		refused in many places is refused.
 */
#ifndef DPMETA_ERRORS_H
#define DPMETA_ERRORS_H

#include "postgres.h"

#include "compat.h"

/* Not a dp: ID, or one of the wrong kind for the call. */
#define ERRCODE_DP_INVALID_ID				MAKE_SQLSTATE('M','D','0','0','1')
/* No such data product, version or table, and there never was. */
#define ERRCODE_DP_NOT_FOUND				MAKE_SQLSTATE('M','D','0','0','2')
/* It existed and was deleted. */
#define ERRCODE_DP_GONE						MAKE_SQLSTATE('M','D','0','0','3')
/* The name of the data product or table is taken. */
#define ERRCODE_DP_ALREADY_EXISTS			MAKE_SQLSTATE('M','D','0','0','4')
/* The update starts from a version that is not current. */
#define ERRCODE_DP_VERSION_CONFLICT			MAKE_SQLSTATE('M','D','0','0','5')
/* None of the given entity tags is the current one. */
#define ERRCODE_DP_PRECONDITION_FAILED		MAKE_SQLSTATE('M','D','0','0','6')
/* The document breaks its model; DETAIL is a JSON array of the faults. */
#define ERRCODE_DP_INVALID_DOCUMENT			MAKE_SQLSTATE('M','D','0','0','7')
/* The idempotency key was used for another request. */
#define ERRCODE_DP_IDEMPOTENCY_KEY_REUSED	MAKE_SQLSTATE('M','D','0','0','8')
/* The caller lacks the role for this change. */
#define ERRCODE_DP_FORBIDDEN				MAKE_SQLSTATE('M','D','0','0','9')
/* A parameter (limit, filter, cursor, time, key) is malformed. */
#define ERRCODE_DP_INVALID_PARAMETER		MAKE_SQLSTATE('M','D','0','1','0')
/* A breaking change to a major that is not the newest. */
#define ERRCODE_DP_BREAKING_CHANGE			MAKE_SQLSTATE('M','D','0','1','1')
/* The deletion can no longer be undone. */
#define ERRCODE_DP_NOT_RESTORABLE			MAKE_SQLSTATE('M','D','0','1','2')
/* No version number is left. */
#define ERRCODE_DP_VERSIONS_EXHAUSTED		MAKE_SQLSTATE('M','D','0','1','3')
/* What was given as a JSON Schema is not one, or is outside what is supported. */
#define ERRCODE_DP_INVALID_SCHEMA			MAKE_SQLSTATE('M','D','0','1','4')
/* The standby has not replayed so far. */
#define ERRCODE_DP_POSITION_NOT_REACHED		MAKE_SQLSTATE('M','D','0','1','5')

/* A follower's last event is not in the log of this store. */
#define ERRCODE_DP_CURSOR_LOST				MAKE_SQLSTATE('M','D','0','1','6')

/* What the write makes is larger than the database can hold in one place. */
#define ERRCODE_DP_TOO_LARGE				MAKE_SQLSTATE('M','D','0','1','7')

/* The position is not in the history of this server. */
#define ERRCODE_DP_POSITION_LOST			MAKE_SQLSTATE('M','D','0','1','8')

/* What is to be deleted has consumers. */
#define ERRCODE_DP_CONSUMED				MAKE_SQLSTATE('M','D','0','1','9')

/* Raises ERRCODE_DP_INVALID_PARAMETER. */
pg_noreturn extern void report_invalid_parameter(const char *parameter,
												 const char *value,
												 const char *hint);

#endif							/* DPMETA_ERRORS_H */
