/*
 * route_list.c
 *		Print the route table: method, path, operation, and its parameters as
 *		SOURCE:NAME.
 */
#include <stdio.h>

#include "routes/routes.h"

int
main(void)
{
	for (int i = 0; i < ROUTE_COUNT; i++)
	{
		const Route *route = &ROUTES[i];
		Text		method = {0};

		methods_write(&method, route->method);
		printf("%s %s %s", method.data, route->path, route->operation);
		for (int p = 0; p < route->parameter_count; p++)
		{
			const Parameter *parameter = &route->parameters[p];

			if (parameter->source == FROM_PATH)
				printf(" path:%s", parameter->name);
			if (parameter->source == FROM_QUERY)
				printf(" query:%s", parameter->name);
		}
		if (route_reads_store(route))
			printf(" query:%s", ROUTE_CONSISTENT.name);
		putchar('\n');
		text_free(&method);
	}
	return 0;
}
