/*
 * base/text.h
 *		A growing string, and JSON strings written into it.
 *
 * Running out of memory is remembered, not reported at every call: whoever
 * uses the result asks text_failed() once.
 */
#ifndef DPMETA_TEXT_H
#define DPMETA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Text
{
	char	   *data;
	size_t		length;
	size_t		size;
	bool		failed;
} Text;

extern void text_add_bytes(Text *text, const char *bytes, size_t length);
extern void text_add(Text *text, const char *string);
extern void text_add_char(Text *text, char c);
extern void text_add_number(Text *text, uint64_t number);
extern void text_format(Text *text, const char *format,...)
			__attribute__((format(printf, 2, 3)));
extern void text_add_json_bytes(Text *text, const char *bytes, size_t length);
extern void text_add_member(Text *text, const char *name, const char *value);

/* As text in HTML, whatever it says. */
extern void text_add_escaped(Text *text, const char *string);
extern bool text_failed(const Text *text);
extern char *text_release(Text *text);
extern void text_free(Text *text);

/* Free a string of which nothing is to stay in memory; NULL is fine. */
extern void secret_free(char *secret);

extern bool utf8_valid(const char *bytes, size_t length);

#endif							/* DPMETA_TEXT_H */
