/*
 * rules/writable.h
 *		Whether the store may be written to, whoever asks.
 */
#ifndef DPMETA_WRITABLE_H
#define DPMETA_WRITABLE_H

#include "postgres.h"

/* Raises MD009 within an operation that is restricted for security. */
extern void writable_check_operation(void);

/*
 * Raises 55000 on a logical subscriber.  Needs SPI, and the owner's rights.
 */
extern void writable_check_store(void);

#endif							/* DPMETA_WRITABLE_H */
