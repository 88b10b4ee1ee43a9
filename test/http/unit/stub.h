/*
 * stub.h
 *		An identity provider on loopback that can be made to misbehave.
 */
#ifndef DPMETA_TEST_STUB_H
#define DPMETA_TEST_STUB_H

typedef struct Stub Stub;

extern Stub *stub_start(void);
extern void stub_end(Stub *stub);
extern int	stub_port(const Stub *stub);

/* What a path answers from now on; the texts are copied.  NULL: 404. */
extern void stub_serve(Stub *stub, const char *path, const char *body);

/* Refuse every connection, or take them again. */
extern void stub_down(Stub *stub, int down);

/* Hold every answer back for so long. */
extern void stub_delay(Stub *stub, int milliseconds);

/* Requests for the path so far. */
extern int	stub_hits(Stub *stub, const char *path);

#endif							/* DPMETA_TEST_STUB_H */
