/*
 * base/cgroup.c
 *		How much memory the system lets this process use: cgroups(7).
 *
 * /proc/self/cgroup has a line for each hierarchy, "NUMBER:CONTROLLERS:PATH".
 * That of version 2 has no controllers.  In a container the path may be one of
 * the machine that cannot be seen from here, and our group is then at the top
 * of what can.  So each folder from the path upwards is asked, if it is there.
 */
#include "base/cgroup.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PATH 4096
/* Version 1 writes a number near the largest for no limit. */
#define UNLIMITED ((unsigned long long) 1 << 60)

/* 0 without a limit, or without the file. */
static size_t
read_limit(const char *top, const char *path, const char *name)
{
	char		file[MOST_PATH + 100];
	char		line[64] = "";
	unsigned long long limit;
	FILE	   *in;

	snprintf(file, sizeof(file), "%s%s/%s", top, path, name);
	in = fopen(file, "re");
	if (in == NULL)
		return 0;
	if (fgets(line, sizeof(line), in) == NULL)
		line[0] = '\0';
	fclose(in);
	/* "max" is no number */
	limit = strtoull(line, NULL, 10);
	return limit < UNLIMITED ? (size_t) limit : 0;
}

static size_t
lesser(size_t a, size_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

/* The path is shortened on the way up. */
static size_t
least_limit(const char *top, char *path, const char *name)
{
	size_t		least = 0;

	for (;;)
	{
		char	   *slash = strrchr(path, '/');

		least = lesser(least, read_limit(top, path, name));
		if (slash == NULL)
			return least;
		*slash = '\0';
	}
}

static bool
has_word(const char *list, const char *word)
{
	size_t		length = strlen(word);

	for (; *list != '\0'; list += strspn(list, ","))
	{
		size_t		size = strcspn(list, ",");

		if (size == length && memcmp(list, word, size) == 0)
			return true;
		list += size;
	}
	return false;
}

static size_t
limit_of_line(char *line)
{
	char	   *controllers = strchr(line, ':');
	char	   *path = controllers ? strchr(controllers + 1, ':') : NULL;

	if (path == NULL)
		return 0;
	*controllers++ = '\0';
	*path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	if (controllers[0] == '\0')
		return least_limit("/sys/fs/cgroup", path, "memory.max");
	if (has_word(controllers, "memory"))
		return least_limit("/sys/fs/cgroup/memory", path,
						   "memory.limit_in_bytes");
	return 0;
}

size_t
cgroup_memory(void)
{
	char		line[MOST_PATH];
	size_t		least = 0;
	FILE	   *in = fopen("/proc/self/cgroup", "re");

	if (in == NULL)
		return 0;
	while (fgets(line, sizeof(line), in) != NULL)
		least = lesser(least, limit_of_line(line));
	fclose(in);
	return least;
}
