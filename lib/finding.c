/*
 * finding.c - see minica/finding.h.
 */
#include "minica/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The strings of a finding, so that copying and freeing say them once. */
static const char **
string_of(struct mca_finding *finding, size_t i)
{
	const char **strings[] = { &finding->rule, &finding->source,
		&finding->field, &finding->detail, &finding->found,
		&finding->wanted, &finding->clients, &finding->hint };

	return i < sizeof(strings) / sizeof(strings[0]) ? strings[i] : NULL;
}

static void
free_strings(struct mca_finding *finding)
{
	const char **string;

	for (size_t i = 0; (string = string_of(finding, i)) != NULL; i++)
		free((void *)(uintptr_t)*string);
}

void
mca_findings_clear(mca_findings *list)
{
	for (size_t i = 0; i < list->count; i++)
		free_strings(&list->rows[i]);
	free(list->rows);
	memset(list, 0, sizeof(*list));
}

/* Replaces every string by a copy, NULL by ""; false frees what was copied. */
static bool
own_strings(struct mca_finding *finding)
{
	struct mca_finding copy = *finding;
	const char **from, **to;
	bool good = true;

	for (size_t i = 0; (from = string_of(finding, i)) != NULL; i++) {
		to = string_of(&copy, i);
		*to = strdup(*from == NULL ? "" : *from);
		good = good && *to != NULL;
	}
	if (good)
		*finding = copy;
	else
		free_strings(&copy);
	return good;
}

static bool
reserve(mca_findings *list)
{
	size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
	struct mca_finding *rows;

	if (list->count < list->capacity)
		return true;
	rows = reallocarray(list->rows, capacity, sizeof(*rows));
	if (rows == NULL)
		return false;
	list->rows = rows;
	list->capacity = capacity;
	return true;
}

void
mca_findings_add(mca_findings *list, const struct mca_finding *finding)
{
	struct mca_finding copy = *finding;

	if (!reserve(list) || !own_strings(&copy)) {
		list->lost = true;
		return;
	}
	list->rows[list->count++] = copy;
}

void
mca_findings_addf(mca_findings *list, const struct mca_finding *finding,
    const char *fmt, ...)
{
	struct mca_finding copy = *finding;
	char detail[1024];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(detail, sizeof(detail), fmt, args);
	va_end(args);
	copy.detail = detail;
	mca_findings_add(list, &copy);
}

void
mca_findings_append(mca_findings *list, const mca_findings *from)
{
	for (size_t i = 0; i < from->count; i++)
		mca_findings_add(list, &from->rows[i]);
	list->lost = list->lost || from->lost;
}

enum mca_severity
mca_findings_worst(const mca_findings *list)
{
	enum mca_severity worst = list->lost ? MCA_UNDECIDED : MCA_NOTE;

	for (size_t i = 0; i < list->count; i++)
		if (list->rows[i].severity > worst)
			worst = list->rows[i].severity;
	return worst;
}

bool
mca_findings_has(const mca_findings *list, const char *rule)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->rows[i].rule, rule) == 0)
			return true;
	return false;
}

const char *
mca_severity_name(enum mca_severity severity)
{
	static const char *const names[] = {
		[MCA_NOTE] = "note",
		[MCA_WARNING] = "warning",
		[MCA_UNDECIDED] = "undecided",
		[MCA_ERROR] = "error",
	};

	return names[severity];
}
