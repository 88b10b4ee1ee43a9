/*
 * request/head.c
 *		The head of a request: what came over the wire, and whose route it is.
 */
#include "request/head.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/loop.h"

/* 128 bits: a random start for the process, then splitmix64 steps. */
static uint64_t
next_random(void)
{
	static uint64_t state;
	uint64_t	mixed;

	if (state == 0 &&
		getrandom(&state, sizeof(state), 0) != (ssize_t) sizeof(state))
		state = (uint64_t) clock_microseconds();
	state += UINT64_C(0x9E3779B97F4A7C15);
	mixed = state;
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return mixed ^ (mixed >> 31);
}

static void
make_id(char *id)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t	halves[2] = {next_random(), next_random()};

	for (int i = 0; i < 32; i++)
		id[i] = digits[(halves[i / 16] >> (i % 16 * 4)) & 15];
	id[32] = '\0';
}

bool
head_begin(Head *head, const char *target)
{
	size_t		length = strlen(target);
	size_t		room = uri_room(target);
	char	   *memory;

	memset(head, 0, offsetof(Head, short_target));
	memory = head->short_target;
	if (room + length + 1 > SHORT_TARGET)
		memory = head->target_memory = malloc(room + length + 1);
	if (memory == NULL)
		return false;
	head->started = clock_microseconds();
	head->target = memcpy(memory + room, target, length + 1);
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
