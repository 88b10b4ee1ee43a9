/*
 * yaml/writer.h
 *		JSON that the database made, as YAML.
 */
#ifndef DPMETA_YAML_WRITER_H
#define DPMETA_YAML_WRITER_H

#include <stdbool.h>
#include <stddef.h>

/* What was written, and the room that it has of what all answers may hold. */
typedef struct YamlText
{
	char	   *bytes;
	size_t		length;
	size_t		room;
	bool		too_long;		/* that is why it could not be written */
} YamlText;

/*
 * Write valid JSON as one document of YAML.  It takes room by "take" before it takes
 * memory.  False when there is none, or it would be longer than "most"; then it holds
 * nothing.
 */
extern bool yaml_write(const char *json, size_t length, size_t most,
					   bool (*take) (size_t size), void (*give) (size_t size),
					   YamlText *out);

#endif							/* DPMETA_YAML_WRITER_H */
