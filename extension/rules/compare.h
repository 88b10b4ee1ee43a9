/*
 * rules/compare.h
 *		What is different between two versions of a data product.
 */
#ifndef DPMETA_COMPARE_H
#define DPMETA_COMPARE_H

#include "postgres.h"

#include "rules/changes.h"
#include "store/product.h"

/*
 * Adds the differences of metadata and of tables to a page; what is compared is
 * freed after each table.  Both versions may be deleted.
 * The caller has connected to SPI.
 */
extern void compare_versions(ChangeList *list, const Product *product,
							 const Version *old, const Version *new);

#endif							/* DPMETA_COMPARE_H */
