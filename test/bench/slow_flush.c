/*
 * slow_flush.c
 *		Loaded before a server, it makes each flush of a file last as long as on
 *		a network disk: SLOW_FLUSH_MICROSECONDS more.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void
wait_for_disk(void)
{
	const char *setting = getenv("SLOW_FLUSH_MICROSECONDS");
	long		microseconds = setting ? strtol(setting, NULL, 10) : 0;
	struct timespec pause = {
		microseconds / 1000000, microseconds % 1000000 * 1000
	};

	nanosleep(&pause, NULL);
}

int
fdatasync(int fd)
{
	int			(*flush) (int) = (int (*) (int)) dlsym(RTLD_NEXT, "fdatasync");

	wait_for_disk();
	return flush(fd);
}
