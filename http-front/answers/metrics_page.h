/*
 * answers/metrics_page.h
 *		The page of metrics: what each part has to say.
 */
#ifndef DPMETA_METRICS_PAGE_H
#define DPMETA_METRICS_PAGE_H

#include "base/text.h"

extern void metrics_write_all(Text *out);

#endif							/* DPMETA_METRICS_PAGE_H */
