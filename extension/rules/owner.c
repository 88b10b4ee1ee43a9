/*
 * rules/owner.c
 *		Which role the functions run as, once they have noted who called.
 *
 * All objects of the extension must belong to a superuser.  The owner of a
 * function in C could have it called with arguments that it does not expect, and
 * the owner of a table could give a column another type than the one that C reads
 * it as.  But nothing runs as that superuser.  The functions run as a role that
 * has rights on the tables and owns none of them.
 *
 * The role is the one that holds EXECUTE on dpmeta.owner() and may write.  It is
 * recorded as a right, so that a dump and pg_upgrade keep it.  The role that holds
 * it WITH GRANT OPTION may name it.  While none is named, that role is the one
 * itself.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "rules/owner.h"
#include "store/installed.h"

/* The function of that name and these arguments; NULL if there is none. */
static HeapTuple
find_function(const char *name, oidvector *arguments)
{
	return SearchSysCache3(PROCNAMEARGSNSP, CStringGetDatum(name),
						   PointerGetDatum(arguments),
						   ObjectIdGetDatum(get_namespace_oid("dpmeta", false)));
}

/*
 * May the role write, as set_owner() lets it?  GRANT ... ON ALL FUNCTIONS and
 * default privileges give EXECUTE alone.
 */
static bool
may_write(Oid role)
{
	Oid			table = get_relname_relid("product",
										  get_namespace_oid("dpmeta", false));

	return OidIsValid(table) &&
		pg_class_aclcheck(table, role, ACL_INSERT) == ACLCHECK_OK;
}

/*
 * Among the roles that may execute it, find the one that was named, or else the
 * one that may name.  A superuser does not count, because then the role that may
 * name could choose to have code run as a superuser.  Nor does a predefined role:
 * pg_write_all_data writes the tables without having been named.
 */
static Oid
find_holder(const Acl *acl, Oid owner)
{
	const AclItem *items = ACL_DAT(acl);
	Oid			namer = InvalidOid;

	for (int i = 0; i < ACL_NUM(acl); i++)
	{
		const AclItem *item = &items[i];

		if (item->ai_grantee == ACL_ID_PUBLIC || item->ai_grantee == owner ||
			item->ai_grantee < FirstNormalObjectId ||
			(ACLITEM_GET_PRIVS(*item) & ACL_EXECUTE) == 0 ||
			superuser_arg(item->ai_grantee) || !may_write(item->ai_grantee))
			continue;
		if ((ACLITEM_GET_GOPTIONS(*item) & ACL_EXECUTE) == 0)
			return item->ai_grantee;
		namer = item->ai_grantee;
	}
	return namer;
}

Oid
owner_find(Oid owner_of_functions)
{
	HeapTuple	tuple = find_function("owner", buildoidvector(NULL, 0));
	Oid			found = InvalidOid;
	Datum		acl;
	bool		null;

	/* 1.0 has no such function */
	if (!HeapTupleIsValid(tuple))
		return owner_of_functions;
	acl = SysCacheGetAttr(PROCNAMEARGSNSP, tuple, Anum_pg_proc_proacl, &null);
	if (!null)
		found = find_holder(DatumGetAclP(acl),
							((Form_pg_proc) GETSTRUCT(tuple))->proowner);
	ReleaseSysCache(tuple);
	return OidIsValid(found) ? found : owner_of_functions;
}

/* owner(): which role is it? */
PG_FUNCTION_INFO_V1(dpmeta_owner);
Datum
dpmeta_owner(PG_FUNCTION_ARGS)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID,
										ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u",
			 fcinfo->flinfo->fn_oid);
	owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	ReleaseSysCache(tuple);
	PG_RETURN_OID(owner_find(owner));
}

/* What as_owner() needs of the function that it stands for. */
typedef struct Inner
{
	FmgrInfo	function;
	Oid			owner;			/* of the function that is called */
} Inner;

/* Looks up as_owner_NAME of the arguments that NAME has. */
static Inner *
find_inner(FmgrInfo *outer)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(outer->fn_oid));
	HeapTuple	found;
	Form_pg_proc proc;
	Inner	   *inner = MemoryContextAllocZero(outer->fn_mcxt, sizeof(Inner));
	char	   *name;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", outer->fn_oid);
	proc = (Form_pg_proc) GETSTRUCT(tuple);
	name = psprintf("as_owner_%s", NameStr(proc->proname));
	found = find_function(name, &proc->proargtypes);
	if (!HeapTupleIsValid(found))
		elog(ERROR, "function dpmeta.%s is missing", name);
	inner->owner = proc->proowner;
	fmgr_info_cxt(((Form_pg_proc) GETSTRUCT(found))->oid, &inner->function,
				  outer->fn_mcxt);
	fmgr_info_set_expr(outer->fn_expr, &inner->function);
	ReleaseSysCache(found);
	ReleaseSysCache(tuple);
	return inner;
}

/* Calls another function with what this one was called with. */
static Datum
call_instead(FunctionCallInfo fcinfo, FmgrInfo *function)
{
	FmgrInfo   *called = fcinfo->flinfo;
	Datum		result;

	PG_TRY();
	{
		fcinfo->flinfo = function;
		result = FunctionCallInvoke(fcinfo);
	}
	PG_FINALLY();
	{
		fcinfo->flinfo = called;
	}
	PG_END_TRY();
	return result;
}

/*
 * What a reader may call and what reads private tables: NAME(...) calls
 * as_owner_NAME(...) as the owner.  It is what SECURITY DEFINER is for a
 * function whose owner is not who it should run as.  What gives its rows one by
 * one comes here for each.
 */
PG_FUNCTION_INFO_V1(dpmeta_as_owner);
Datum
dpmeta_as_owner(PG_FUNCTION_ARGS)
{
	Inner	   *inner = fcinfo->flinfo->fn_extra;
	Oid			caller;
	int			context;
	Datum		result;

	installed_check();
	if (inner == NULL)
		fcinfo->flinfo->fn_extra = inner = find_inner(fcinfo->flinfo);
	GetUserIdAndSecContext(&caller, &context);
	SetUserIdAndSecContext(owner_find(inner->owner),
						   context | SECURITY_LOCAL_USERID_CHANGE);
	result = call_instead(fcinfo, &inner->function);
	SetUserIdAndSecContext(caller, context);
	return result;
}

/*
 * run_as(role, command): runs a command as another role, which a superuser
 * can do anyhow, though not within a SECURITY DEFINER function.  Who granted a
 * right is the only one who can take it away.
 *
 * If the script of an update runs it, PostgreSQL would note the rights that the
 * object has then as those that the extension comes with.  pg_dump would leave
 * them out, though they are a user's.  So it is not told that a script runs.
 */
PG_FUNCTION_INFO_V1(dpmeta_run_as);
Datum
dpmeta_run_as(PG_FUNCTION_ARGS)
{
	Oid			role = PG_GETARG_OID(0);
	char	   *command = text_to_cstring(PG_GETARG_TEXT_PP(1));
	bool		in_script = creating_extension;
	Oid			caller;
	int			context;
	int			rc = 0;

	if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for function %s", "run_as"),
				 errdetail("Only a superuser runs commands as another role."),
				 errhint("Call dpmeta.revoke_reader() and its kin.")));
	GetUserIdAndSecContext(&caller, &context);
	SPI_connect();
	SetUserIdAndSecContext(role, context | SECURITY_LOCAL_USERID_CHANGE);
	PG_TRY();
	{
		creating_extension = false;
		rc = SPI_execute(command, false, 0);
	}
	PG_FINALLY();
	{
		creating_extension = in_script;
	}
	PG_END_TRY();
	if (rc < 0)
		elog(ERROR, "could not run a command: %s", SPI_result_code_string(rc));
	SetUserIdAndSecContext(caller, context);
	SPI_finish();
	PG_RETURN_VOID();
}
