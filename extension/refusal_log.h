/*
 * refusal_log.h
 *		What the server's log says of a refusal.
 */
#ifndef DPMETA_REFUSAL_LOG_H
#define DPMETA_REFUSAL_LOG_H

extern void refusal_log_init(void);

#endif							/* DPMETA_REFUSAL_LOG_H */
