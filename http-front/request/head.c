/*
 * request/head.c
 *		The head of a request: what came over the wire, and whose route it is.
 */
#include "request/head.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "base/random.h"
#include "config.h"

/* 128 bits. */
static void
make_id(char *id)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t	halves[2] = {random_next(), random_next()};

	for (int i = 0; i < 32; i++)
		id[i] = digits[(halves[i / 16] >> (i % 16 * 4)) & 15];
	id[32] = '\0';
}

bool
head_begin(Head *head, const char *target)
{
	size_t		whole = strlen(target);
	size_t		length = strnlen(target, (size_t) config.max_path);
	size_t		room = uri_room(target) - (whole - length);
	char	   *memory;

	memset(head, 0, offsetof(Head, short_target));
	head->target_length = whole;
	memory = head->short_target;
	if (room + length + 1 > SHORT_TARGET)
		memory = head->target_memory = malloc(room + length + 1);
	if (memory == NULL)
		return false;
	head->started = clock_microseconds();
	head->target = memcpy(memory + room, target, length);
	head->target[length] = '\0';
	uri_parse(&head->uri, head->target, memory);
	make_id(head->id);
	return true;
}

void
head_free(Head *head)
{
	for (int i = 0; head->copied != 0 && i < FIELD_COUNT; i++)
		if (head->copied & 1u << i)
			free((char *) head->fields[i]);
	free(head->target_memory);
}

void
head_own_field(Head *head, Field field, char *value)
{
	if (head->copied & 1u << field)
		free((char *) head->fields[field]);
	head->copied |= 1u << field;
	head->fields[field] = value;
}

bool
head_is_chunked(const Head *head)
{
	return head->fields[FIELD_TRANSFER_ENCODING] != NULL;
}

uint64_t
head_body_size(const Head *head)
{
	const char *length = head->fields[FIELD_CONTENT_LENGTH];

	return length == NULL || head_is_chunked(head) ? 0 :
		strtoull(length, NULL, 10);
}

const UriParameter *
head_parameter(const Head *head, const char *name)
{
	for (int i = 0; i < head->uri.parameter_count; i++)
	{
		const UriParameter *given = &head->uri.parameters[i];

		if (!given->name.bad && strcmp(given->name.text, name) == 0)
			return given;
	}
	return NULL;
}
