/*
 * rules/actor.c
 *		Who writes: whose rights count, on whose behalf it is, and what they
 *		may do.
 *
 * Rights are EXECUTE privileges, so GRANT is the only way to give them.  A role
 * that may act for another holds it on dpmeta.check_actor(), a steward on
 * dpmeta.delete_data_product().
 *
 * What counts are the rights of the user whose code calls, as for any other right
 * in PostgreSQL: a SECURITY DEFINER function has its owner's rights, whoever calls
 * it.  That is why the functions that write are not SECURITY DEFINER themselves.
 * If they were, nobody could tell whose call it was.  Instead actor_begin() notes
 * the caller first, and then takes on the owner's rights (rules/owner.c).
 *
 * The session's user alone proves nothing.  It is a superuser while autovacuum or
 * a DBA's REINDEX runs what somebody put into an index.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "errors.h"
#include "rules/actor.h"
#include "rules/owner.h"
#include "store/installed.h"

static const char *const role_names[] = {
	[ROLE_READER] = "reader",
	[ROLE_PRODUCER] = "producer",
	[ROLE_STEWARD] = "steward"
};

/* May the user execute the function? */
static bool
may_execute(Oid user, const char *function)
{
	CatCList   *list = SearchSysCacheList1(PROCNAMEARGSNSP,
										   CStringGetDatum(function));
	Oid			namespace = get_namespace_oid("dpmeta", false);
	bool		allowed = false;

	for (int i = 0; i < list->n_members && !allowed; i++)
	{
		Form_pg_proc proc = (Form_pg_proc) GETSTRUCT(&list->members[i]->tuple);

		allowed = proc->pronamespace == namespace &&
			pg_proc_aclcheck(proc->oid, user,
							 ACL_EXECUTE) == ACLCHECK_OK;
	}
	ReleaseSysCacheList(list);
	return allowed;
}

/*
 * Code that somebody put into an index, a materialized view or a row of a
 * publication runs like this, in whoever's session looks after that.
 */
static void
refuse_in_maintenance(void)
{
	if (!InSecurityRestrictedOperation())
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_FORBIDDEN),
			 errmsg("cannot write within an operation that is restricted for security"),
			 errdetail("Code in an index, a materialized view or the like runs in the session of whoever maintains it."),
			 errhint("Call the function in a statement of its own.")));
}

/* Notes whose code calls, and returns the role that is to be taken on. */
static Oid
note_caller(FunctionCallInfo fcinfo, Actor *actor)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID,
										ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
	Form_pg_proc proc;
	Oid			owner;

	refuse_in_maintenance();
	installed_check();
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u",
			 fcinfo->flinfo->fn_oid);
	proc = (Form_pg_proc) GETSTRUCT(tuple);
	owner = proc->proowner;
	GetUserIdAndSecContext(&actor->caller, &actor->context);

	/* The script of 1.0 had it SECURITY DEFINER: until the update, ask less. */
	if (proc->prosecdef)
		actor->caller = GetOuterUserId();
	ReleaseSysCache(tuple);
	return owner_find(owner);
}

void
actor_begin(FunctionCallInfo fcinfo, Actor *actor)
{
	Oid			owner = note_caller(fcinfo, actor);

	SPI_connect();
	SetUserIdAndSecContext(owner,
						   actor->context | SECURITY_LOCAL_USERID_CHANGE);
}

void
actor_end(const Actor *actor)
{
	SetUserIdAndSecContext(actor->caller, actor->context);
	SPI_finish();
}

/* Which role is it? */
static Role
read_role(const char *name)
{
	for (int i = 0; i < lengthof(role_names); i++)
		if (strcmp(name, role_names[i]) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_PARAMETER),
			 errmsg("role \"%s\" of an actor is not known", name),
			 errdetail("Whoever passes on a token's roles must translate the names that they have there."),
			 errhint("Roles are reader, producer and steward.")));
}

/* The highest of the roles.  All must be known. */
static Role
read_roles(ArrayType *roles)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	Role		highest = ROLE_READER;

	deconstruct_array(roles, TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
		highest = Max(highest,
					  read_role(nulls[i] ? "" : TextDatumGetCString(elements[i])));
	return highest;
}

static void
require_front(Oid user)
{
	if (may_execute(user, "check_actor"))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_FORBIDDEN),
			 errmsg("role \"%s\" must not act for another",
					GetUserNameFromId(user, false)),
			 errdetail("It may not execute dpmeta.check_actor()."),
			 errhint("Leave out actor and actor_roles, or have a DBA call dpmeta.grant_front().")));
}

/*
 * Both who logged in and whose code it is must be a front: neither a function
 * that a front owns nor one that somebody has a front call can do it.
 */
static void
require_may_act_for_others(const Actor *actor)
{
	require_front(actor->caller);
	require_front(GetSessionUserId());
	if (MyProcPort != NULL)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_FORBIDDEN),
			 errmsg("a background process must not act for another"),
			 errdetail("Only a session that logged in as the front does."),
			 errhint("Leave out actor and actor_roles.")));
}

static void
check_actor_name(const char *name)
{
	int			len = strlen(name);

	if (len > 0 && len <= ACTOR_MAX)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_PARAMETER),
			 errmsg("name of an actor must have 1 to %d bytes, not %d",
					ACTOR_MAX, len),
			 errdetail("It is recorded with the write."),
			 errhint("Give the subject of the caller's token, or null for the session's user.")));
}

void
actor_find(Actor *actor, text *name, ArrayType *roles)
{
	if (name == NULL && roles == NULL)
	{
		actor->name = GetUserNameFromId(GetSessionUserId(), false);
		actor->role = may_execute(actor->caller, "delete_data_product") ?
			ROLE_STEWARD : ROLE_PRODUCER;
		return;
	}
	require_may_act_for_others(actor);
	actor->name = name != NULL ? text_to_cstring(name) :
		GetUserNameFromId(GetSessionUserId(), false);
	check_actor_name(actor->name);
	actor->role = roles != NULL ? read_roles(roles) : ROLE_PRODUCER;
}

void
actor_require(const Actor *actor, Role role, const char *what)
{
	if (actor->role >= role)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_FORBIDDEN),
			 errmsg("%s needs the role %s", what, role_names[role]),
			 errdetail("The actor is \"%s\".", actor->name),
			 errhint("Ask a data %s to do it.", role_names[role])));
}

/*
 * check_actor(actor, roles): raises what a write on behalf of this actor
 * would raise.  Holding EXECUTE on it is the right to act for others.
 */
PG_FUNCTION_INFO_V1(dpmeta_check_actor);
Datum
dpmeta_check_actor(PG_FUNCTION_ARGS)
{
	Actor		actor;

	note_caller(fcinfo, &actor);
	actor_find(&actor, PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0),
			   PG_ARGISNULL(1) ? NULL : PG_GETARG_ARRAYTYPE_P(1));
	PG_RETURN_VOID();
}
