/*
 * compat.h
 *		Where the libmicrohttpds that we build with and run on differ.
 */
#ifndef DPMETA_COMPAT_H
#define DPMETA_COMPAT_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * How strict libmicrohttpd is with a client's HTTP.  A strict one refuses whatever
 * the standard lets a server refuse.  But 0.9 is not made strict, because all that
 * this adds there is to refuse a head without Host, or with a blank in its target,
 * and checks/ has better answers to these.
 */
#if MHD_VERSION >= 0x00097701
#define COMPAT_STRICT MHD_OPTION_CLIENT_DISCIPLINE_LVL, compat_strictness()
#else
#define COMPAT_STRICT MHD_OPTION_STRICT_FOR_CLIENT, compat_strictness()
#endif
extern int	compat_strictness(void);

/* Does it say by this format of a message that it refuses a request? */
extern bool compat_says_refused(const char *format);

/* The head of a request, as its fields are gone through in their order. */
typedef struct CompatHead
{
	const char *start;			/* NULL: the library judges it by itself */
	const char *end;			/* of the whole head */
	const char *seen;			/* what lies before this was handed over */
} CompatHead;

/*
 * libmicrohttpd 0.9 ends what it hands over at a NUL, and adds a folded line
 * to the name of its field.  Later ones refuse both.  So in 0.9, of which
 * there will be no other, we look at the bytes between the fields.  Each
 * function returns what is wrong, or NULL.
 */
extern const char *compat_begin(CompatHead *head, const char *method,
								size_t target, const char *version,
								size_t size);
extern const char *compat_field(CompatHead *head, const char *name,
								const char *value, size_t length);
extern const char *compat_end(CompatHead *head);

#endif							/* DPMETA_COMPAT_H */
