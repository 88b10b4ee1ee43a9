/*
 * types/conditions.h
 *		What a query that reads a view says of the view's columns.
 *
 * A view has a marker among its conditions: a function that is always true, of
 * the parts that have indexes.  The marker's support function looks through the
 * query for conditions, and puts there what they say of the parts.
 */
#ifndef DPMETA_CONDITIONS_H
#define DPMETA_CONDITIONS_H

#include "nodes/pathnodes.h"

/* What is looked for, and what was found. */
typedef struct Search
{
	PlannerInfo *root;
	FuncExpr   *marker;
	Oid			namespace;
	Relids		relids;			/* the relations that its arguments come from */
	bool		inner;			/* are there only inner joins above them? */
	void		(*take) (struct Search *search, Node *condition);
	List	   *conditions;		/* on its arguments */
} Search;

/*
 * What a support function that got this request returns: the conditions that
 * take() added, true if there were none, or NULL if the request is not for
 * this.  take() is called with each condition that holds for all rows.
 */
extern Node *search_conditions(Node *request,
							   void (*take) (Search *search, Node *condition));

/* The expression below what only names a collation, or says where it is made. */
extern Node *search_strip(Node *node);

/* May this value stand where the marker stands? */
extern bool search_is_usable(Search *search, Node *value);

#endif							/* DPMETA_CONDITIONS_H */
