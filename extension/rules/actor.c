/*
 * rules/actor.c
 *		On whose behalf a write is made, and what they may do.
 *
 * Rights are EXECUTE privileges, so that GRANT is the only place where they
 * stand: who may act for another holds it on dpmeta.check_actor(), a steward
 * on dpmeta.delete_data_product().
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/syscache.h"

#include "rules/actor.h"
#include "compat.h"
#include "errors.h"

static const char *const role_names[] = {"reader", "producer", "steward"};

/* May the user of this session (SET ROLE considered) execute the function? */
static bool
may_execute(const char *function)
{
	CatCList   *list = SearchSysCacheList1(PROCNAMEARGSNSP,
										   CStringGetDatum(function));
	Oid			namespace = get_namespace_oid("dpmeta", false);
	bool		allowed = false;

	for (int i = 0; i < list->n_members && !allowed; i++)
	{
		Form_pg_proc proc = (Form_pg_proc) GETSTRUCT(&list->members[i]->tuple);

		allowed = proc->pronamespace == namespace &&
			pg_proc_aclcheck(proc->oid, GetOuterUserId(),
							 ACL_EXECUTE) == ACLCHECK_OK;
	}
	ReleaseSysCacheList(list);
	return allowed;
}

static void
check_role_name(const char *role)
{
	for (int i = 0; i < lengthof(role_names); i++)
		if (strcmp(role, role_names[i]) == 0)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_PARAMETER),
			 errmsg("role \"%s\" of an actor is not known", role),
			 errdetail("A token's own names for roles are mapped by who passes them on."),
			 errhint("Roles are reader, producer and steward.")));
}

/* Is "steward" among the roles?  All must be known. */
static bool
has_steward(ArrayType *roles)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	bool		found = false;

	deconstruct_array(roles, TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *role = nulls[i] ? "" : TextDatumGetCString(elements[i]);

		check_role_name(role);
		found = found || strcmp(role, "steward") == 0;
	}
	return found;
}

static void
check_may_act_for_others(void)
{
	if (may_execute("check_actor"))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_FORBIDDEN),
			 errmsg("role \"%s\" must not act for another",
					GetUserNameFromId(GetOuterUserId(), false)),
			 errdetail("It may not execute dpmeta.check_actor()."),
			 errhint("Leave out actor and actor_roles, or have a DBA call dpmeta.grant_front().")));
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
actor_find(text *name, ArrayType *roles, Actor *actor)
{
	if (name == NULL && roles == NULL)
	{
		actor->name = GetUserNameFromId(GetSessionUserId(), false);
		actor->is_steward = may_execute("delete_data_product");
		return;
	}
	check_may_act_for_others();
	actor->name = name != NULL ? text_to_cstring(name) :
		GetUserNameFromId(GetSessionUserId(), false);
	check_actor_name(actor->name);
	actor->is_steward = roles != NULL && has_steward(roles);
}

void
actor_require_steward(const Actor *actor, const char *what)
{
	if (actor->is_steward)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DP_FORBIDDEN),
			 errmsg("%s needs the role steward", what),
			 errdetail("The actor is \"%s\".", actor->name),
			 errhint("Ask a data steward to do it.")));
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

	actor_find(PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0),
			   PG_ARGISNULL(1) ? NULL : PG_GETARG_ARRAYTYPE_P(1), &actor);
	PG_RETURN_VOID();
}
