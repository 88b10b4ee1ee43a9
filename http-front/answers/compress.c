/*
 * answers/compress.c
 *		Answers sent as gzip.
 *
 * A long answer must not stop the loop.  So a short one is compressed at once,
 * and a long one piece by piece while it is sent, so that others get their
 * turn between the pieces.
 */
#include "answers/compress.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/field.h"
#include "db/document.h"

/* Less than this is one packet either way. */
#define LEAST 1024
/* At level 1 that much takes about half a millisecond. */
#define PIECE (64 * 1024)
#define BLOCK (32 * 1024)
/* What zlib (zconf.h) and libmicrohttpd have for each while it is being sent. */
#define STREAM_MEMORY (320 * 1024)
#define STREAMS_MOST 64
#define LEVEL 1
#define WINDOW (15 + 16)		/* the largest, in a gzip wrapper */
#define MEMORY 8

typedef struct Stream
{
	z_stream	z;
	const char *rest;			/* not yet given to zlib */
	size_t		length;
	bool		finished;
	Plain		plain;
} Stream;

static z_stream once;			/* kept from one short answer to the next */
static bool once_ready;
static int	streams;

bool
compress_wanted(const char *encodings, size_t length)
{
	return length >= LEAST && encodings != NULL && accepts_gzip(encodings) &&
		(length <= PIECE || streams < STREAMS_MOST);
}

static bool
start_zlib(z_stream *z)
{
	memset(z, 0, sizeof(*z));
	return deflateInit2(z, LEVEL, Z_DEFLATED, WINDOW, MEMORY,
						Z_DEFAULT_STRATEGY) == Z_OK;
}

/* A slow client may keep it for long. */
static char *
shrink(char *memory, size_t size)
{
	char	   *smaller = realloc(memory, size);

	return smaller != NULL ? smaller : memory;
}

static struct MHD_Response *
compress_at_once(const Plain *plain, uint64_t *size)
{
	size_t		room;
	char	   *out;

	once_ready = once_ready ? deflateReset(&once) == Z_OK : start_zlib(&once);
	if (!once_ready)
		return NULL;
	room = deflateBound(&once, plain->length);
	out = malloc(room);
	if (out == NULL)
		return NULL;
	once.next_in = (Bytef *) (uintptr_t) plain->bytes;
	once.avail_in = (uInt) plain->length;
	once.next_out = (Bytef *) out;
	once.avail_out = (uInt) room;
	if (deflate(&once, Z_FINISH) != Z_STREAM_END)
	{
		free(out);
		return NULL;
	}
	*size = room - once.avail_out;
	out = shrink(out, *size);
	return MHD_create_response_from_buffer(*size, out, MHD_RESPMEM_MUST_FREE);
}

/*
 * Fill in what one piece gives; zlib may need several before its first byte.
 */
static ssize_t
read_stream(void *cls, uint64_t position, char *out, size_t room)
{
	Stream	   *stream = cls;

	(void) position;
	stream->z.next_out = (Bytef *) out;
	stream->z.avail_out = (uInt) room;
	while (!stream->finished && stream->z.avail_out == room)
	{
		int			status;

		if (stream->z.avail_in == 0)
		{
			size_t		piece = stream->length < PIECE ? stream->length : PIECE;

			stream->z.next_in = (Bytef *) (uintptr_t) stream->rest;
			stream->z.avail_in = (uInt) piece;
			stream->rest += piece;
			stream->length -= piece;
		}
		status = deflate(&stream->z,
						 stream->length == 0 ? Z_FINISH : Z_NO_FLUSH);
		stream->finished = status == Z_STREAM_END;
		if (status < 0 && status != Z_BUF_ERROR)
			return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (stream->z.avail_out < room)
		return (ssize_t) (room - stream->z.avail_out);
	return MHD_CONTENT_READER_END_OF_STREAM;
}

static void
free_stream(Stream *stream)
{
	deflateEnd(&stream->z);
	free(stream);
	streams--;
	document_give_room(STREAM_MEMORY);
}

static void
end_stream(void *cls)
{
	Stream	   *stream = cls;

	stream->plain.release(stream->plain.owner);
	free_stream(stream);
}

/* NULL when there is no room for it; then the answer is sent as it is. */
static Stream *
start_stream(const Plain *plain)
{
	Stream	   *stream = NULL;

	if (!document_take_room(STREAM_MEMORY))
		return NULL;
	stream = calloc(1, sizeof(*stream));
	if (stream == NULL || !start_zlib(&stream->z))
	{
		free(stream);
		document_give_room(STREAM_MEMORY);
		return NULL;
	}
	stream->rest = plain->bytes;
	stream->length = plain->length;
	stream->plain = *plain;
	streams++;
	return stream;
}

static struct MHD_Response *
compress_by_pieces(const Plain *plain)
{
	Stream	   *stream = start_stream(plain);
	struct MHD_Response *response;

	if (stream == NULL)
		return NULL;
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK,
												 read_stream, stream,
												 end_stream);
	if (response == NULL)
		free_stream(stream);
	return response;
}

static ssize_t
read_nothing(void *cls, uint64_t position, char *out, size_t room)
{
	(void) cls;
	(void) position;
	(void) out;
	(void) room;
	return MHD_CONTENT_READER_END_OF_STREAM;
}

/*
 * The head of what would be sent by pieces, for HEAD and 304.  Its length is
 * not known, so the head has none, and libmicrohttpd 0.9.75 would end chunks
 * that never began.  So we do it as HTTP/1.0 does, where the end of the
 * connection is the end of the body.
 */
static struct MHD_Response *
head_alone(void)
{
	struct MHD_Response *response =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1, read_nothing,
										  NULL, NULL);

	if (response != NULL)
		MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT,
								 MHD_RO_END);
	return response;
}

struct MHD_Response *
compress_response(const Plain *plain, uint64_t *size, bool *kept)
{
	struct MHD_Response *response = plain->length > PIECE ?
		compress_by_pieces(plain) : compress_at_once(plain, size);

	*kept = response != NULL && plain->length > PIECE;
	return response;
}

struct MHD_Response *
compress_head(const Plain *plain, uint64_t *size)
{
	return plain->length > PIECE ? head_alone() :
		compress_at_once(plain, size);
}

void
compress_stop(void)
{
	if (once_ready)
		deflateEnd(&once);
	once_ready = false;
}
