/*
 * health.c
 *		Asks the front that runs here how it is, using the same variables.
 *		A container's health check needs it, because there is no curl.
 */
#include "health.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#define ANSWER_WITHIN 4000L		/* milliseconds */

static size_t
drop_body(char *data, size_t size, size_t count, void *arg)
{
	(void) data;
	(void) arg;
	return size * count;
}

/*
 * Our certificate names the public host rather than this address, and nobody
 * can listen in between on this machine.  So the certificate is not checked,
 * and no proxy is used.
 */
static CURLcode
ask(CURL *curl, const char *url, long *status)
{
	CURLcode	code;

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, ANSWER_WITHIN);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_body);
	code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
	return code;
}

int
health_ask(const char *path)
{
	bool		bare_ipv6 = strchr(config.listen, ':') != NULL;
	char		url[512];
	CURL	   *curl = curl_easy_init();
	long		status = 0;
	CURLcode	code;

	if (curl == NULL)
		return EXIT_FAILURE;
	snprintf(url, sizeof(url), "%s://%s%s%s:%ld%s",
			 config.tls_cert != NULL ? "https" : "http",
			 bare_ipv6 ? "[" : "", config.listen, bare_ipv6 ? "]" : "",
			 config.port, path);
	code = ask(curl, url, &status);
	curl_easy_cleanup(curl);
	if (code != CURLE_OK)
		fprintf(stderr, "%s: %s\n", url, curl_easy_strerror(code));
	else
		printf("%s: %ld\n", url, status);
	return status == 200 ? EXIT_SUCCESS : EXIT_FAILURE;
}
