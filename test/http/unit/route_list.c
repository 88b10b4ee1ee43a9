/*
 * route_list.c
 *		Print the route table: method, path, operation, and its parameters as
 *		SOURCE:NAME.  With "-r": the role that it needs, or 8 for what the front
 *		asks by itself, and its statement.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "routes/router.h"
#include "routes/routes.h"

static void
print_roles(void)
{
	for (int i = 0; i < ROUTE_COUNT; i++)
		if (ROUTES[i].sql != NULL)
			printf("%d %s\n", ROUTES[i].work == WORK_NONE ? 8 : (int) ROUTES[i].role,
				   ROUTES[i].sql);
}

int
main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "-r") == 0)
	{
		print_roles();
		return 0;
	}
	for (int i = 0; i < ROUTE_COUNT; i++)
	{
		const Route *route = &ROUTES[i];
		Text		method = {0};

		if (route->undocumented)
			continue;
		methods_write(&method, route->method);
		printf("%s %s %s", method.data, route->path, route->operation);
		for (int p = 0; p < route->parameter_count; p++)
		{
			const Parameter *parameter = &route->parameters[p];

			if (parameter->source == FROM_PATH ||
				parameter->source == FROM_PATH_NAME)
				printf(" path:%s", parameter->name);
			if (parameter->source == FROM_QUERY ||
				parameter->source == FROM_FORMAT)
				printf(" query:%s", parameter->name);
		}
		if (route_reads_store(route))
			printf(" query:%s", ROUTE_CONSISTENT.name);
		putchar('\n');
		text_free(&method);
	}
	return 0;
}
