/*
 * auth/jwks/fetch.c
 *		libcurl, held to what fetching a key set needs.
 */
#include "auth/jwks/fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/jwks/keys.h"

/* Entra ID's key list is some 30 kB; a body past this is not a key list. */
#define MAX_BODY (512 * 1024)

#define CONNECT_TIMEOUT_MS 3000L
#define TOTAL_TIMEOUT_MS 5000L

struct Fetcher
{
	CURL	   *curl;
	const atomic_bool *stop;
	size_t		length;
	char		error[CURL_ERROR_SIZE];
	char		body[MAX_BODY];
};

static size_t
take_bytes(char *bytes, size_t size, size_t count, void *closure)
{
	Fetcher    *fetcher = closure;
	size_t		length = size * count;

	/* Taking less than was offered makes libcurl give up. */
	if (length > MAX_BODY - fetcher->length)
		return 0;
	memcpy(fetcher->body + fetcher->length, bytes, length);
	fetcher->length += length;
	return length;
}

/* libcurl asks about once a second; anything but 0 ends the transfer. */
static int
check_stop(void *closure, curl_off_t a, curl_off_t b, curl_off_t c,
		   curl_off_t d)
{
	const Fetcher *fetcher = closure;

	(void) a;
	(void) b;
	(void) c;
	(void) d;
	return atomic_load(fetcher->stop) ? 1 : 0;
}

Fetcher *
fetcher_create(const char *ca_file, const atomic_bool *stop)
{
	Fetcher    *fetcher = malloc(sizeof(Fetcher));
	CURL	   *curl = curl_easy_init();

	if (fetcher == NULL || curl == NULL)
	{
		free(fetcher);
		curl_easy_cleanup(curl);
		return NULL;
	}
	fetcher->curl = curl;
	fetcher->stop = stop;
	fetcher->length = 0;
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TOTAL_TIMEOUT_MS);
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "dpmeta-http");
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetcher->error);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetcher);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_stop);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, fetcher);
	if (ca_file != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
	/* It may be replaced, and libcurl would remember it for a day. */
	curl_easy_setopt(curl, CURLOPT_CA_CACHE_TIMEOUT, 0L);
	return fetcher;
}

void
fetcher_destroy(Fetcher *fetcher)
{
	if (fetcher == NULL)
		return;
	curl_easy_cleanup(fetcher->curl);
	free(fetcher);
}

bool
fetcher_get(Fetcher *fetcher, const char *url,
			const char **body, size_t *length, char *error, size_t error_size)
{
	CURLcode	code;
	long		status = 0;

	fetcher->length = 0;
	fetcher->error[0] = '\0';
	curl_easy_setopt(fetcher->curl, CURLOPT_URL, url);

	/*
	 * There is no proxy in front of this machine; for others the environment
	 * says.
	 */
	curl_easy_setopt(fetcher->curl, CURLOPT_PROXY,
					 url_is_loopback(url) ? "" : NULL);
	code = curl_easy_perform(fetcher->curl);
	if (code == CURLE_WRITE_ERROR)
		snprintf(error, error_size, "%.200s answered with more than %d bytes",
				 url, MAX_BODY);
	else if (code != CURLE_OK)
		snprintf(error, error_size, "%.200s: %s", url,
				 fetcher->error[0] != '\0' ? fetcher->error :
				 curl_easy_strerror(code));
	else
	{
		curl_easy_getinfo(fetcher->curl, CURLINFO_RESPONSE_CODE, &status);
		if (status != 200)
			snprintf(error, error_size, "%.200s answered with status %ld",
					 url, status);
	}
	*body = fetcher->body;
	*length = fetcher->length;
	return code == CURLE_OK && status == 200;
}
