/*
 * base/cgroup.h
 *		How much memory the system lets this process use.
 */
#ifndef DPMETA_CGROUP_H
#define DPMETA_CGROUP_H

#include <stddef.h>

/* The least limit of our control group and those above it; 0: there is none. */
extern size_t cgroup_memory(void);

#endif							/* DPMETA_CGROUP_H */
