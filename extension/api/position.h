/*
 * api/position.h
 *		Where a server stands in the history of its cluster.
 */
#ifndef DPMETA_POSITION_H
#define DPMETA_POSITION_H

/* Has the library note where each transaction is committed. */
extern void position_init(void);

#endif							/* DPMETA_POSITION_H */
