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

/* The clients that refuse what breaks a rule. */
static unsigned
refusing(const struct mca_rule *rule)
{
	return rule->clients | (rule->webpki == MCA_REFUSE ? MCA_WEBPKI : 0);
}

/* Asked what clients say, a rule is one of theirs or none. */
static enum mca_weight
weight_for_clients(const struct mca_rule *rule,
    const struct mca_rule_input *input)
{
	if (rule->rfc5280 == MCA_WEB &&
	    input->options->purpose != MCA_PURPOSE_SERVER)
		return MCA_OFF;
	return (refusing(rule) & input->options->clients) != 0 ? MCA_REFUSE
							       : MCA_OFF;
}

static enum mca_weight
weight_of(const struct mca_rule *rule, const struct mca_rule_input *input)
{
	const struct mca_verify_options *options = input->options;

	if (options->clients != 0)
		return weight_for_clients(rule, input);
	if (options->rules == MCA_RULES_WEBPKI)
		return rule->webpki;
	if (rule->rfc5280 != MCA_WEB)
		return rule->rfc5280;
	return options->purpose == MCA_PURPOSE_SERVER ? MCA_WARN : MCA_OFF;
}

static void
apply(mca_findings *out, int depth, const struct mca_rule_input *input,
    const struct mca_rule *rule)
{
	enum mca_weight weight = weight_of(rule, input);
	unsigned asked = input->options->clients;
	struct mca_fault fault = { 0 };
	scoped(mca_text) clients = { 0 };

	if (weight == MCA_OFF || (rule->roles & input->role) == 0)
		return;
	fault.severity = weight == MCA_WARN ? MCA_WARNING : MCA_ERROR;
	if (!rule->broken(input, &fault))
		return;
	if (input->options->strict && fault.severity == MCA_WARNING)
		fault.severity = MCA_ERROR;
	mca_clients_text(&clients,
	    refusing(rule) & (asked == 0 ? MCA_EVERYONE : asked));
	mca_findings_add(out,
	    &(struct mca_finding){ .severity = fault.severity,
		.depth = depth,
		.rule = rule->id,
		.source = rule->source,
		.field = rule->field,
		.detail = fault.detail,
		.found = fault.found,
		.wanted = fault.wanted,
		.clients = mca_text_get(&clients),
		.hint = rule->hint });
}

static const struct mca_rule *const tables[] = { mca_rules_form, mca_rules_key,
	mca_rules_usage, mca_rules_naming, mca_rules_client };
enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

void
mca_rules_apply(mca_findings *out, int depth,
    const struct mca_rule_input *input)
{
	const struct mca_rule *rule;

	for (size_t i = 0; i < TABLES; i++)
		for (rule = tables[i]; rule->id != NULL; rule++)
			apply(out, depth, input, rule);
}

static const char *
words_for(unsigned roles)
{
	switch (roles) {
	case MCA_TARGET:
		return "target";
	case MCA_INTERMEDIATE:
		return "intermediates";
	case MCA_ANCHOR:
		return "anchor";
	case MCA_ISSUERS:
		return "issuers";
	case MCA_BELOW_ANCHOR:
		return "below the anchor";
	case MCA_ALONE:
		return "lint alone";
	default:
		return "all";
	}
}

bool
mca_client_rule_at(struct mca_client_rule *out, size_t i)
{
	const struct mca_rule *rule;

	for (size_t n = 0; n < TABLES; n++)
		for (rule = tables[n]; rule->id != NULL; rule++) {
			if (refusing(rule) == 0 || i-- != 0)
				continue;
			*out = (struct mca_client_rule){ rule->id, rule->source,
				rule->field, words_for(rule->roles),
				refusing(rule) };
			return true;
		}
	return false;
}
