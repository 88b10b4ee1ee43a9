/*
 * yaml/reader.c
 *		A body in YAML, as the JSON that it means.
 *
 * libyaml makes events of the text, and each event is written as JSON at once.  What
 * an anchor stands for is a piece of the JSON that is there already, which an alias
 * repeats.  So an alias costs what it expands to, and that has a bound.
 */
#include "yaml/reader.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/hash.h"
#include "yaml/core.h"

/* The database takes no deeper documents, whatever they are. */
#define MOST_DEPTH 512
/* Each alias is looked for among all of them. */
#define MOST_ANCHORS 256

/* A key in the JSON. */
typedef struct Key
{
	uint32_t	start;
	uint32_t	length;			/* 0: the slot is free */
} Key;

/* The keys of a mapping: a hash table, of which at most half is taken. */
typedef struct KeySet
{
	Key		   *slots;
	size_t		size;
	size_t		count;
} KeySet;

/* A sequence or a mapping that is open. */
typedef struct Level
{
	bool		is_mapping;
	bool		has_key;		/* and now comes its value */
	size_t		count;
	KeySet		keys;
	int			anchor;			/* that stands for it, or -1 */
} Level;

typedef struct Anchor
{
	char	   *name;
	size_t		start;
	size_t		end;			/* 0: what it stands for is not there yet */
} Anchor;

typedef struct Reader
{
	yaml_parser_t parser;
	Text	   *json;
	size_t		most;
	bool		many;
	YamlFault  *fault;
	Level		levels[MOST_DEPTH];
	int			depth;
	Anchor		anchors[MOST_ANCHORS];
	int			anchor_count;
	size_t		documents;
	yaml_mark_t mark;			/* where the event begins */
} Reader;

static bool
refuse(Reader *reader, const char *text)
{
	reader->fault->line = reader->mark.line + 1;
	reader->fault->column = reader->mark.column + 1;
	snprintf(reader->fault->text, sizeof(reader->fault->text), "%s", text);
	return false;
}

/* libyaml's own refusal. */
static bool
refuse_syntax(Reader *reader)
{
	yaml_parser_t *parser = &reader->parser;

	reader->mark = parser->problem_mark;
	if (parser->error == YAML_MEMORY_ERROR)
		return refuse(reader, "there is no memory for it");
	return refuse(reader, parser->problem ? parser->problem : "it is not YAML");
}

static bool
check_size(Reader *reader, size_t more)
{
	if (reader->json->failed)
		return refuse(reader, "there is no memory for it");
	if (reader->json->length + more > reader->most)
		return refuse(reader, "with its aliases it is larger than a body may be");
	return true;
}

/* ---- keys ---- */

static Key *
find_slot(const Reader *reader, KeySet *set, const char *key, size_t length)
{
	size_t		place = (size_t) hash_bytes(key, length);

	for (;; place++)
	{
		Key		   *slot = &set->slots[place & (set->size - 1)];

		if (slot->length == 0 ||
			(slot->length == length &&
			 memcmp(reader->json->data + slot->start, key, length) == 0))
			return slot;
	}
}

static bool
grow_keys(Reader *reader, KeySet *set)
{
	KeySet		grown = {.size = set->size ? 2 * set->size : 8, .count = set->count};

	if (set->count * 2 < set->size)
		return true;
	grown.slots = calloc(grown.size, sizeof(Key));
	if (grown.slots == NULL)
		return refuse(reader, "there is no memory for it");
	for (size_t i = 0; i < set->size; i++)
		if (set->slots[i].length > 0)
			*find_slot(reader, &grown, reader->json->data + set->slots[i].start,
					   set->slots[i].length) = set->slots[i];
	free(set->slots);
	*set = grown;
	return true;
}

/* The key stands at the end of the JSON. */
static bool
note_key(Reader *reader, Level *level, size_t start)
{
	const char *key = reader->json->data + start;
	size_t		length = reader->json->length - start;
	Key		   *slot;

	if (!grow_keys(reader, &level->keys))
		return false;
	slot = find_slot(reader, &level->keys, key, length);
	if (slot->length > 0)
	{
		char		text[160];

		snprintf(text, sizeof(text), "the key %.*s%s stands there twice",
				 (int) (length > 100 ? 100 : length), key, length > 100 ? "..." : "");
		return refuse(reader, text);
	}
	slot->start = (uint32_t) start;
	slot->length = (uint32_t) length;
	level->keys.count++;
	return true;
}

/* ---- anchors ---- */

static Anchor *
find_anchor(Reader *reader, const char *name)
{
	for (int i = 0; i < reader->anchor_count; i++)
		if (strcmp(reader->anchors[i].name, name) == 0)
			return &reader->anchors[i];
	return NULL;
}

/* Sets *number to that of the anchor, or to -1 without one. */
static bool
begin_anchor(Reader *reader, const yaml_char_t *name, int *number)
{
	Anchor	   *anchor;

	*number = -1;
	if (name == NULL)
		return true;
	anchor = find_anchor(reader, (const char *) name);
	if (anchor == NULL && reader->anchor_count == MOST_ANCHORS)
		return refuse(reader, "there are more than 256 anchors");
	if (anchor == NULL)
	{
		anchor = &reader->anchors[reader->anchor_count];
		anchor->name = strdup((const char *) name);
		if (anchor->name == NULL)
			return refuse(reader, "there is no memory for it");
		reader->anchor_count++;
	}
	anchor->start = reader->json->length;
	anchor->end = 0;
	*number = (int) (anchor - reader->anchors);
	return true;
}

static void
end_anchor(Reader *reader, int number)
{
	if (number >= 0)
		reader->anchors[number].end = reader->json->length;
}

static void
forget_anchors(Reader *reader)
{
	while (reader->anchor_count > 0)
		free(reader->anchors[--reader->anchor_count].name);
}

/* ---- events ---- */

static Level *
innermost(Reader *reader)
{
	return reader->depth > 0 ? &reader->levels[reader->depth - 1] : NULL;
}

static bool
awaits_key(Reader *reader)
{
	const Level *level = innermost(reader);

	return level != NULL && level->is_mapping && !level->has_key;
}

/* Whatever stands before a value. */
static bool
begin_value(Reader *reader)
{
	Level	   *level = innermost(reader);

	if (awaits_key(reader))
		return refuse(reader, "a key must be a scalar, because JSON has no others");
	if (level != NULL && !level->is_mapping && level->count++ > 0)
		text_add_char(reader->json, ',');
	if (level != NULL)
		level->has_key = false;
	return true;
}

/* The types that a tag leaves; 0 for one that the core schema has not. */
static unsigned
types_of_tag(const char *tag)
{
	static const struct
	{
		const char *tag;
		unsigned	types;
	}			TAGS[] = {
		{"!", CORE_STRING},
		{YAML_STR_TAG, CORE_STRING},
		{YAML_NULL_TAG, CORE_NULL},
		{YAML_BOOL_TAG, CORE_BOOL},
		{YAML_INT_TAG, CORE_INT},
		{YAML_FLOAT_TAG, CORE_INT | CORE_FLOAT},
	};

	for (size_t i = 0; i < sizeof(TAGS) / sizeof(TAGS[0]); i++)
		if (strcmp(TAGS[i].tag, tag) == 0)
			return TAGS[i].types;
	return 0;
}

static bool
refuse_tag(Reader *reader, const char *tag)
{
	char		text[160];

	snprintf(text, sizeof(text), "the core schema of YAML has no tag %.100s", tag);
	return refuse(reader, text);
}

static bool
take_key(Reader *reader, const yaml_event_t *event)
{
	Level	   *level = innermost(reader);
	size_t		start;

	if (event->data.scalar.anchor != NULL)
		return refuse(reader, "a key cannot have an anchor here");
	if (event->data.scalar.tag != NULL &&
		types_of_tag((const char *) event->data.scalar.tag) == 0)
		return refuse_tag(reader, (const char *) event->data.scalar.tag);
	if (level->count++ > 0)
		text_add_char(reader->json, ',');
	start = reader->json->length;
	text_add_json_bytes(reader->json, (const char *) event->data.scalar.value,
						event->data.scalar.length);
	if (!check_size(reader, 1) || !note_key(reader, level, start))
		return false;
	text_add_char(reader->json, ':');
	level->has_key = true;
	return true;
}

static bool
take_scalar(Reader *reader, const yaml_event_t *event)
{
	const char *tag = (const char *) event->data.scalar.tag;
	unsigned	types = CORE_STRING;
	int			anchor;

	if (awaits_key(reader))
		return take_key(reader, event);
	if (tag != NULL)
		types = types_of_tag(tag);
	else if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		types = CORE_ANY;
	if (types == 0)
		return refuse_tag(reader, tag);
	if (!begin_value(reader) ||
		!begin_anchor(reader, event->data.scalar.anchor, &anchor))
		return false;
	if (!core_add(reader->json, (const char *) event->data.scalar.value,
				  event->data.scalar.length, types))
		return refuse(reader, tag != NULL ? "the scalar is not what its tag says" :
					  "JSON has no such number");
	end_anchor(reader, anchor);
	return check_size(reader, 0);
}

static bool
take_alias(Reader *reader, const yaml_event_t *event)
{
	const Anchor *anchor = find_anchor(reader,
									   (const char *) event->data.alias.anchor);
	size_t		length;

	if (anchor == NULL)
		return refuse(reader, "there is no anchor of this name before it");
	if (anchor->end == 0)
		return refuse(reader, "the alias is a part of what it stands for");
	if (!begin_value(reader))
		return false;
	length = anchor->end - anchor->start;
	if (!check_size(reader, length))
		return false;
	/* the text may move while it grows */
	for (size_t i = 0; i < length; i++)
		text_add_char(reader->json, reader->json->data[anchor->start + i]);
	return true;
}

static bool
begin_level(Reader *reader, bool is_mapping, const yaml_char_t *anchor,
			const yaml_char_t *tag)
{
	const char *own = is_mapping ? YAML_MAP_TAG : YAML_SEQ_TAG;
	Level		level = {.is_mapping = is_mapping};

	if (tag != NULL && strcmp((const char *) tag, "!") != 0 &&
		strcmp((const char *) tag, own) != 0)
		return refuse_tag(reader, (const char *) tag);
	if (reader->depth == MOST_DEPTH)
		return refuse(reader, "it is nested too deeply");
	if (!begin_value(reader) || !begin_anchor(reader, anchor, &level.anchor))
		return false;
	text_add_char(reader->json, is_mapping ? '{' : '[');
	reader->levels[reader->depth++] = level;
	return check_size(reader, 0);
}

static bool
end_level(Reader *reader)
{
	Level	   *level = &reader->levels[--reader->depth];

	text_add_char(reader->json, level->is_mapping ? '}' : ']');
	free(level->keys.slots);
	end_anchor(reader, level->anchor);
	return check_size(reader, 0);
}

static bool
begin_document(Reader *reader)
{
	forget_anchors(reader);
	if (reader->documents++ == 0)
		return true;
	if (!reader->many)
		return refuse(reader, "there is a second document, and one is taken");
	text_add_char(reader->json, ',');
	return true;
}

static bool
take_event(Reader *reader, const yaml_event_t *event)
{
	reader->mark = event->start_mark;
	switch (event->type)
	{
		case YAML_DOCUMENT_START_EVENT:
			return begin_document(reader);
		case YAML_SCALAR_EVENT:
			return take_scalar(reader, event);
		case YAML_ALIAS_EVENT:
			return take_alias(reader, event);
		case YAML_SEQUENCE_START_EVENT:
			return begin_level(reader, false, event->data.sequence_start.anchor,
							   event->data.sequence_start.tag);
		case YAML_MAPPING_START_EVENT:
			return begin_level(reader, true, event->data.mapping_start.anchor,
							   event->data.mapping_start.tag);
		case YAML_SEQUENCE_END_EVENT:
		case YAML_MAPPING_END_EVENT:
			return end_level(reader);
		default:
			return true;
	}
}

static bool
read_events(Reader *reader)
{
	yaml_event_type_t type = YAML_NO_EVENT;

	while (type != YAML_STREAM_END_EVENT)
	{
		yaml_event_t event;
		bool		taken;

		if (!yaml_parser_parse(&reader->parser, &event))
			return refuse_syntax(reader);
		type = event.type;
		taken = take_event(reader, &event);
		yaml_event_delete(&event);
		if (!taken)
			return false;
	}
	return reader->documents > 0 || refuse(reader, "there is no document");
}

/* An array by itself is the list of documents. */
static void
finish_many(Text *json, size_t start, size_t documents)
{
	if (documents == 1 && json->data[start + 1] == '[')
	{
		memmove(json->data + start, json->data + start + 1,
				json->length - start - 1);
		json->length--;
		json->data[json->length] = '\0';
		return;
	}
	text_add_char(json, ']');
}

bool
yaml_read(const char *bytes, size_t length, bool many, size_t most, Text *json,
		  YamlFault *fault)
{
	Reader	   *reader = calloc(1, sizeof(*reader));
	size_t		start = json->length;
	bool		good;

	if (reader == NULL || !yaml_parser_initialize(&reader->parser))
	{
		free(reader);
		memset(fault, 0, sizeof(*fault));
		snprintf(fault->text, sizeof(fault->text), "there is no memory for it");
		return false;
	}
	reader->json = json;
	reader->most = json->length + most;
	reader->many = many;
	reader->fault = fault;
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader->parser, (const unsigned char *) bytes,
								 length);
	if (many)
		text_add_char(json, '[');
	good = read_events(reader);
	while (reader->depth > 0)
		free(reader->levels[--reader->depth].keys.slots);
	if (good && many)
		finish_many(json, start, reader->documents);
	forget_anchors(reader);
	yaml_parser_delete(&reader->parser);
	free(reader);
	return good;
}
