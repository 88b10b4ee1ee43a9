/*
 * base/file.c
 *		Files that others write and replace.
 *
 * They are looked at now and then.  Being told by the system would need a watch
 * on each folder and symbolic link of the path, and misses network file systems.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 65536

static char *
refuse(const char *why, char *reason, size_t size)
{
	snprintf(reason, size, "%s", why);
	return NULL;
}

/* What there is of it, up to the room; -1 on an error. */
static ssize_t
read_all(int fd, char *bytes, size_t room)
{
	size_t		length = 0;

	while (length < room)
	{
		ssize_t		got = read(fd, bytes + length, room - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += (size_t) got;
	}
	return (ssize_t) length;
}

/* Not blocking: somebody may have named a pipe. */
static char *
read_bytes(const char *path, size_t *length, char *reason, size_t size)
{
	int			fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char	   *bytes = fd < 0 ? NULL : malloc(MOST + 1);
	ssize_t		got = bytes == NULL ? -1 : read_all(fd, bytes, MOST + 1);
	int			error = errno;

	if (fd >= 0)
		close(fd);
	if (got < 0)
	{
		free(bytes);
		return refuse(strerror(error), reason, size);
	}
	*length = (size_t) got;
	return bytes;
}

char *
file_read(const char *path, char *reason, size_t size)
{
	size_t		length;
	char	   *bytes = read_bytes(path, &length, reason, size);
	const char *why = NULL;

	if (bytes == NULL)
		return NULL;
	if (length > 0 && bytes[length - 1] == '\n')
		length--;
	if (length == 0)
		why = "it is empty";
	else if (length > MOST)
		why = "it has more than 64 kB";
	else if (memchr(bytes, '\0', length) != NULL)
		why = "it has a zero byte";
	if (why == NULL)
	{
		bytes[length] = '\0';
		return bytes;
	}
	free(bytes);
	return refuse(why, reason, size);
}

void
watched_start(Watched *watched, const char *path)
{
	memset(watched, 0, sizeof(*watched));
	if (path != NULL)
		watched->path = strdup(path);
	watched_changed(watched);
}

void
watched_stop(Watched *watched)
{
	free(watched->path);
	watched->path = NULL;
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size &&
		memcmp(&a->st_mtim, &b->st_mtim, sizeof(a->st_mtim)) == 0 &&
		memcmp(&a->st_ctim, &b->st_ctim, sizeof(a->st_ctim)) == 0;
}

bool
watched_changed(Watched *watched)
{
	struct stat now;
	bool		there;
	bool		changed;

	if (watched->path == NULL)
		return false;
	there = stat(watched->path, &now) == 0;
	changed = there != watched->there ||
		(there && !is_same(&now, &watched->seen));
	watched->there = there;
	if (there)
		watched->seen = now;
	return changed;
}
