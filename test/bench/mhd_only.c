/*
 * mhd_only.c
 *		libmicrohttpd and nothing else: every request gets the same answer.
 *
 * What any front on libmicrohttpd would cost at least.  The headers and the
 * body are those of a file with an answer of dpmeta-http's in it.  The
 * response is made anew for each request, for dpmeta-http has to: its
 * X-Request-Id differs each time.
 *
 * usage: mhd_only PORT FILE
 */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MOST_HEADERS 16

static struct
{
	const char *name;
	const char *value;
}			headers[MOST_HEADERS];
static int	header_count;
static unsigned status;
static char *body;

static char *
read_file(const char *path)
{
	FILE	   *file = fopen(path, "rb");
	char	   *text = calloc(1, 1 << 20);

	if (file == NULL || text == NULL || fread(text, 1, (1 << 20) - 1, file) == 0)
	{
		perror(path);
		exit(EXIT_FAILURE);
	}
	fclose(file);
	return text;
}

/* The library writes these itself. */
static int
is_ours(const char *name)
{
	return strcasecmp(name, "Date") != 0 && strcasecmp(name, "Connection") != 0 &&
		strcasecmp(name, "Content-Length") != 0;
}

static void
split_answer(char *answer)
{
	char	   *line = strchr(answer, '\n') + 1;

	status = (unsigned) atoi(answer + strlen("HTTP/1.1 "));
	body = strstr(answer, "\r\n\r\n") + 4;
	while (*line != '\r')
	{
		char	   *end = strstr(line, "\r\n");
		char	   *colon = strchr(line, ':');

		*end = *colon = '\0';
		if (is_ours(line) && header_count < MOST_HEADERS)
		{
			headers[header_count].name = line;
			headers[header_count++].value = colon + 2;
		}
		line = end + 2;
	}
}

static enum MHD_Result
handle(void *cls, struct MHD_Connection *connection, const char *url,
	   const char *method, const char *version, const char *upload,
	   size_t *upload_size, void **context)
{
	static int	seen;
	struct MHD_Response *response;
	enum MHD_Result result;

	(void) cls, (void) url, (void) method, (void) version, (void) upload;
	if (*context == NULL)
	{
		*context = &seen;
		return MHD_YES;
	}
	*upload_size = 0;
	response = MHD_create_response_from_buffer(strlen(body), body,
											   MHD_RESPMEM_PERSISTENT);
	for (int i = 0; i < header_count; i++)
		MHD_add_response_header(response, headers[i].name, headers[i].value);
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

int
main(int argc, char **argv)
{
	struct MHD_Daemon *mhd;

	if (argc != 3)
		return EXIT_FAILURE;
	split_answer(read_file(argv[2]));
	mhd = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO,
						   (uint16_t) atoi(argv[1]), NULL, NULL, handle, NULL,
						   MHD_OPTION_CONNECTION_LIMIT, 4096u,
						   MHD_OPTION_END);
	if (mhd == NULL)
		return EXIT_FAILURE;
	for (;;)
		pause();
}
