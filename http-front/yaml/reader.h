/*
 * yaml/reader.h
 *		A body in YAML, as the JSON that it means.
 */
#ifndef DPMETA_YAML_READER_H
#define DPMETA_YAML_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* What is wrong, and where: lines and columns are counted from 1. */
typedef struct YamlFault
{
	size_t		line;
	size_t		column;
	char		text[200];
} YamlFault;

/*
 * Append as JSON what a stream of YAML means by the core schema of YAML 1.2: one
 * document, or all of them as an array when "many".  The JSON may have so many bytes
 * at most.  False with the fault.
 */
extern bool yaml_read(const char *bytes, size_t length, bool many, size_t most,
					  Text *json, YamlFault *fault);

/*
 * What it holds at most beside the body, as a multiple of "most": the JSON while it
 * grows, one scalar, and the keys that are compared.
 */
#define YAML_READ_PARTS 6

#endif							/* DPMETA_YAML_READER_H */
