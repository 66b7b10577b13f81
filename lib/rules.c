/*
 * rules.c - see rules.h.
 */
#include "rules.h"

#include <stdarg.h>
#include <stdio.h>

bool
mca_fault(struct mca_fault *fault, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(fault->detail, sizeof(fault->detail), fmt, args);
	va_end(args);
	return true;
}

void
mca_fault_found(struct mca_fault *fault, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(fault->found, sizeof(fault->found), fmt, args);
	va_end(args);
}

void
mca_fault_wanted(struct mca_fault *fault, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(fault->wanted, sizeof(fault->wanted), fmt, args);
	va_end(args);
}

/*
 * A rule that is only a warning by default and an error for the web comes
 * from the CA/Browser Forum: it is about TLS servers and nothing else.
 */
static enum mca_weight
weight_of(const struct mca_rule *rule, const struct mca_verify_options *options)
{
	bool web_only = rule->source[0] == 'C';

	if (options->rules == MCA_RULES_WEBPKI)
		return rule->webpki;
	if (web_only && options->purpose != MCA_PURPOSE_SERVER)
		return MCA_OFF;
	return rule->rfc5280;
}

static void
apply(mca_findings *out, int depth, const struct mca_rule_input *input,
    const struct mca_rule *rule)
{
	enum mca_weight weight = weight_of(rule, input->options);
	struct mca_fault fault = { 0 };

	if (weight == MCA_OFF || (rule->roles & input->role) == 0)
		return;
	fault.severity = weight == MCA_WARN ? MCA_WARNING : MCA_ERROR;
	if (!rule->broken(input, &fault))
		return;
	if (input->options->strict && fault.severity == MCA_WARNING)
		fault.severity = MCA_ERROR;
	mca_findings_add(out,
	    &(struct mca_finding){ .severity = fault.severity,
		.depth = depth,
		.rule = rule->id,
		.source = rule->source,
		.field = rule->field,
		.detail = fault.detail,
		.found = fault.found,
		.wanted = fault.wanted,
		.hint = rule->hint });
}

void
mca_rules_apply(mca_findings *out, int depth,
    const struct mca_rule_input *input)
{
	const struct mca_rule *const tables[] = { mca_rules_form, mca_rules_key,
		mca_rules_usage, mca_rules_naming };
	const struct mca_rule *rule;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (rule = tables[i]; rule->id != NULL; rule++)
			apply(out, depth, input, rule);
}
