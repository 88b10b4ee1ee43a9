/*
 * yaml/writer.c
 *		JSON that the database made, as YAML.
 *
 * JSON's tokens are libyaml's events, one for one.  Numbers are written as they are:
 * each is the same number in the core schema.
 */
#include "yaml/writer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "yaml/core.h"

#define FIRST_ROOM 4096

typedef struct Writer
{
	yaml_emitter_t emitter;
	const char *at;
	const char *end;
	Text		string;			/* the one that is being written */
	size_t		most;
	bool		(*take) (size_t size);
	YamlText   *out;
} Writer;

static bool
make_room(Writer *writer, size_t needed)
{
	YamlText   *out = writer->out;
	size_t		room = out->room ? out->room : FIRST_ROOM;
	char	   *bytes;

	while (room < needed)
		room *= 2;
	if (room == out->room)
		return true;
	out->too_long = needed > writer->most;
	if (out->too_long || !writer->take(room - out->room))
		return false;
	out->room = room;
	bytes = realloc(out->bytes, room);
	if (bytes == NULL)
		return false;
	out->bytes = bytes;
	return true;
}

static int
append(void *cls, unsigned char *bytes, size_t size)
{
	Writer	   *writer = cls;
	YamlText   *out = writer->out;

	if (!make_room(writer, out->length + size))
		return 0;
	memcpy(out->bytes + out->length, bytes, size);
	out->length += size;
	return 1;
}

static bool
emit(Writer *writer, yaml_event_t *event, int made)
{
	return made && yaml_emitter_emit(&writer->emitter, event);
}

static uint32_t
read_hex(const char *digits)
{
	char		text[5] = "";

	memcpy(text, digits, 4);
	return (uint32_t) strtoul(text, NULL, 16);
}

static void
add_code_point(Text *text, uint32_t code)
{
	if (code < 0x80)
		text_add_char(text, (char) code);
	else if (code < 0x800)
	{
		text_add_char(text, (char) (0xC0 | code >> 6));
		text_add_char(text, (char) (0x80 | (code & 0x3F)));
	}
	else
	{
		if (code < 0x10000)
			text_add_char(text, (char) (0xE0 | code >> 12));
		else
		{
			text_add_char(text, (char) (0xF0 | code >> 18));
			text_add_char(text, (char) (0x80 | (code >> 12 & 0x3F)));
		}
		text_add_char(text, (char) (0x80 | (code >> 6 & 0x3F)));
		text_add_char(text, (char) (0x80 | (code & 0x3F)));
	}
}

/* Stands behind a backslash and a u; leaves what was read behind. */
static void
read_unicode(Writer *writer)
{
	uint32_t	code = read_hex(writer->at);

	writer->at += 4;
	if (code >= 0xD800 && code < 0xDC00 && writer->end - writer->at >= 6)
	{
		uint32_t	low = read_hex(writer->at + 2);

		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
		writer->at += 6;
	}
	add_code_point(&writer->string, code);
}

static void
read_escape(Writer *writer)
{
	static const char escapes[] = "b\bf\fn\nr\rt\t";
	char		c = *writer->at++;
	const char *found = c ? strchr(escapes, c) : NULL;

	if (c == 'u')
		read_unicode(writer);
	else
		text_add_char(&writer->string, found != NULL ? found[1] : c);
}

static void
read_string(Writer *writer)
{
	writer->string.length = 0;
	while (writer->at < writer->end && *writer->at != '"')
	{
		size_t		plain = 0;

		while (writer->at + plain < writer->end && writer->at[plain] != '"' &&
			   writer->at[plain] != '\\')
			plain++;
		text_add_bytes(&writer->string, writer->at, plain);
		writer->at += plain;
		if (writer->at + 1 < writer->end && *writer->at == '\\')
		{
			writer->at++;
			read_escape(writer);
		}
	}
	writer->at++;
}

/* Lines of plain text, as people write them; anything odd is quoted. */
static bool
is_block(const char *text, size_t length)
{
	bool		lines = false;

	if (length == 0 || text[0] == ' ' || text[0] == '\n' || text[length - 1] == ' ')
		return false;
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if ((c < ' ' && c != '\n') || c >= 0x7F)
			return false;
		if (c == '\n' && text[i - 1] == ' ')
			return false;
		lines = lines || c == '\n';
	}
	return lines;
}

static bool
write_string(Writer *writer)
{
	const Text *string = &writer->string;
	const char *text;
	yaml_scalar_style_t style = YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	yaml_event_t event;

	read_string(writer);
	if (string->failed)
		return false;
	text = string->length > 0 ? string->data : "";
	if (!core_needs_quotes(text, string->length))
		style = YAML_PLAIN_SCALAR_STYLE;
	else if (is_block(text, string->length))
		style = YAML_LITERAL_SCALAR_STYLE;
	return emit(writer, &event,
				yaml_scalar_event_initialize(&event, NULL, NULL,
											 (const yaml_char_t *) text,
											 (int) string->length, 1, 1, style));
}

/* A number, true, false or null. */
static bool
write_plain(Writer *writer)
{
	size_t		length = 0;
	yaml_event_t event;
	const char *text = --writer->at;

	while (text + length < writer->end &&
		   strchr(",:]} \t\r\n", text[length]) == NULL)
		length++;
	writer->at += length;
	return emit(writer, &event,
				yaml_scalar_event_initialize(&event, NULL, NULL,
											 (const yaml_char_t *) text,
											 (int) length, 1, 0,
											 YAML_PLAIN_SCALAR_STYLE));
}

static bool
write_token(Writer *writer)
{
	yaml_event_t event;

	switch (*writer->at++)
	{
		case ' ':
		case '\t':
		case '\r':
		case '\n':
		case ',':
		case ':':
			return true;
		case '{':
			return emit(writer, &event,
						yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
															YAML_BLOCK_MAPPING_STYLE));
		case '}':
			return emit(writer, &event, yaml_mapping_end_event_initialize(&event));
		case '[':
			return emit(writer, &event,
						yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
															 YAML_BLOCK_SEQUENCE_STYLE));
		case ']':
			return emit(writer, &event, yaml_sequence_end_event_initialize(&event));
		case '"':
			return write_string(writer);
		default:
			return write_plain(writer);
	}
}

static bool
write_document(Writer *writer)
{
	yaml_event_t event;

	if (!emit(writer, &event,
			  yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) ||
		!emit(writer, &event,
			  yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)))
		return false;
	while (writer->at < writer->end)
		if (!write_token(writer))
			return false;
	return emit(writer, &event, yaml_document_end_event_initialize(&event, 1)) &&
		emit(writer, &event, yaml_stream_end_event_initialize(&event)) &&
		yaml_emitter_flush(&writer->emitter);
}

bool
yaml_write(const char *json, size_t length, size_t most,
		   bool (*take) (size_t size), void (*give) (size_t size), YamlText *out)
{
	Writer		writer = {
		.at = json, .end = json + length, .most = most, .take = take, .out = out
	};
	bool		good;

	memset(out, 0, sizeof(*out));
	if (!yaml_emitter_initialize(&writer.emitter))
		return false;
	yaml_emitter_set_output(&writer.emitter, append, &writer);
	yaml_emitter_set_unicode(&writer.emitter, 1);
	yaml_emitter_set_width(&writer.emitter, -1);
	good = write_document(&writer);
	yaml_emitter_delete(&writer.emitter);
	text_free(&writer.string);
	if (good)
		return true;
	free(out->bytes);
	give(out->room);
	out->bytes = NULL;
	out->length = out->room = 0;
	return false;
}
