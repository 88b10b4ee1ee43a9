/*
 * stub.c
 *		A thread that answers one HTTP request at a time.
 */
#include "stub.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PAGES 8

typedef struct Page
{
	char	   *path;
	char	   *body;
	int			hits;
} Page;

struct Stub
{
	pthread_t	thread;
	pthread_mutex_t lock;
	int			listener;
	int			port;
	int			down;
	int			delay;
	int			ending;
	Page		pages[MAX_PAGES];
};

/* Find or make the page of a path; with the lock held. */
static Page *
find_page(Stub *stub, const char *path)
{
	for (int i = 0; i < MAX_PAGES; i++)
	{
		Page	   *page = &stub->pages[i];

		if (page->path == NULL)
			page->path = strdup(path);
		if (page->path != NULL && strcmp(page->path, path) == 0)
			return page;
	}
	fprintf(stderr, "too many pages\n");
	exit(2);
}

static void
write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0)
	{
		ssize_t		sent = send(fd, bytes, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		length -= (size_t) sent;
	}
}

static void
answer(Stub *stub, int fd)
{
	char		request[4096];
	char		head[200];
	char		path[1000];
	char	   *body = NULL;
	int			delay;
	ssize_t		length = recv(fd, request, sizeof(request) - 1, 0);

	request[length > 0 ? length : 0] = '\0';
	if (sscanf(request, "GET %999s", path) != 1)
		return;
	pthread_mutex_lock(&stub->lock);
	delay = stub->delay;
	if (!stub->down)
	{
		Page	   *page = find_page(stub, path);

		page->hits++;
		body = page->body != NULL ? strdup(page->body) : strdup("");
		snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Length: %zu\r\n"
				 "Connection: close\r\n\r\n",
				 page->body != NULL ? "200 OK" : "404 Not Found",
				 strlen(body));
	}
	pthread_mutex_unlock(&stub->lock);
	usleep((useconds_t) delay * 1000);
	if (body != NULL)
	{
		write_all(fd, head, strlen(head));
		write_all(fd, body, strlen(body));
	}
	free(body);
}

static void *
serve(void *closure)
{
	Stub	   *stub = closure;

	for (;;)
	{
		int			fd = accept(stub->listener, NULL, NULL);
		int			ending;

		if (fd < 0)
			return NULL;
		pthread_mutex_lock(&stub->lock);
		ending = stub->ending;
		pthread_mutex_unlock(&stub->lock);
		if (!ending)
			answer(stub, fd);
		close(fd);
		if (ending)
			return NULL;
	}
}

Stub *
stub_start(void)
{
	Stub	   *stub = calloc(1, sizeof(Stub));
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t	size = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	stub->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(stub->listener, (struct sockaddr *) &address, size) != 0 ||
		listen(stub->listener, 16) != 0 ||
		getsockname(stub->listener, (struct sockaddr *) &address, &size) != 0)
	{
		perror("stub");
		exit(2);
	}
	stub->port = ntohs(address.sin_port);
	pthread_mutex_init(&stub->lock, NULL);
	pthread_create(&stub->thread, NULL, serve, stub);
	return stub;
}

void
stub_end(Stub *stub)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((unsigned short) stub->port)
	};
	int			fd = socket(AF_INET, SOCK_STREAM, 0);

	pthread_mutex_lock(&stub->lock);
	stub->ending = 1;
	pthread_mutex_unlock(&stub->lock);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *) &address, sizeof(address)) == 0)
		pthread_join(stub->thread, NULL);
	close(fd);
	close(stub->listener);
	for (int i = 0; i < MAX_PAGES; i++)
	{
		free(stub->pages[i].path);
		free(stub->pages[i].body);
	}
	pthread_mutex_destroy(&stub->lock);
	free(stub);
}

int
stub_port(const Stub *stub)
{
	return stub->port;
}

void
stub_serve(Stub *stub, const char *path, const char *body)
{
	Page	   *page;

	pthread_mutex_lock(&stub->lock);
	page = find_page(stub, path);
	free(page->body);
	page->body = body != NULL ? strdup(body) : NULL;
	pthread_mutex_unlock(&stub->lock);
}

void
stub_down(Stub *stub, int down)
{
	pthread_mutex_lock(&stub->lock);
	stub->down = down;
	pthread_mutex_unlock(&stub->lock);
}

void
stub_delay(Stub *stub, int milliseconds)
{
	pthread_mutex_lock(&stub->lock);
	stub->delay = milliseconds;
	pthread_mutex_unlock(&stub->lock);
}

int
stub_hits(Stub *stub, const char *path)
{
	int			hits;

	pthread_mutex_lock(&stub->lock);
	hits = find_page(stub, path)->hits;
	pthread_mutex_unlock(&stub->lock);
	return hits;
}
