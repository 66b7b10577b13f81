/* review_life_test.c - how long a certificate may live. */
#include "asked.h"

static void
a_life_has_a_floor_a_cap_and_an_end(void **state)
{
#define LIFE(rest)                                                             \
	"policy: p\nallow: { dns: [\"*\"] }\n"                                 \
	"profile: { days: 10, min_days: 2, max_days: 20" rest " }\n"
	static const struct {
		const char *why, *policy;
		int64_t life, issuer_left; /* 0: the default; for ever */
		const char *rule;
		bool refused;
		int64_t written;
	} rows[] = {
		{ "the default", LIFE(""), 0, 0, NULL, false, 10 * MCA_DAY },
		{ "as asked", LIFE(""), 3 * MCA_DAY, 0, NULL, false,
		    3 * MCA_DAY },
		{ "at the cap", LIFE(""), 20 * MCA_DAY, 0, NULL, false,
		    20 * MCA_DAY },
		{ "a second over the cap", LIFE(""), 20 * MCA_DAY + 1, 0,
		    "MC-P-LIFE-CAP", true, 0 },
		{ "clamped", LIFE(", beyond: clamp"), 21 * MCA_DAY, 0,
		    "MC-P-LIFE-CAP", false, 20 * MCA_DAY },
		{ "far over the cap", LIFE(""), INT64_MAX, 0, "MC-P-LIFE-CAP",
		    true, 0 },
		{ "under the floor", LIFE(""), MCA_DAY, 0, "MC-P-LIFE-FLOOR",
		    true, 0 },
		{ "negative", LIFE(""), -1, 0, "MC-P-LIFE-FLOOR", true, 0 },
		{ "the issuer's end", LIFE(""), 0, 5 * MCA_DAY,
		    "MC-P-ISSUER-END", false, 5 * MCA_DAY },
		{ "just as long as the issuer", LIFE(""), 0, 10 * MCA_DAY, NULL,
		    false, 10 * MCA_DAY },
		{ "a tenth is enough", LIFE(""), 0, MCA_DAY, "MC-P-ISSUER-END",
		    false, MCA_DAY },
		{ "less than a tenth is not", LIFE(""), 0, MCA_DAY - 1,
		    "MC-P-ISSUER-END", true, 0 },
		{ "the issuer has ended", LIFE(""), 0, -1, "MC-P-ISSUER-END",
		    true, 0 },
		{ "less than an hour", "ci", 2 * MCA_HOUR, MCA_HOUR - 1,
		    "MC-P-ISSUER-END", true, 0 },
	};
	const struct request request = { NULL, NULL, SAN("DNS:a.b") };
	owned(mca_csr) *csr = make(&request);

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		scoped(mca_review) r = { 0 };

		review_as(&r, rows[i].policy, csr, rows[i].life,
		    rows[i].issuer_left == 0 ? INT64_MAX
					     : NOW + rows[i].issuer_left);
		CHECK(refused(&r) == rows[i].refused, "%s: refused",
		    rows[i].why);
		CHECK((rows[i].rule == NULL) == (r.findings.count == 0),
		    "%s: findings", rows[i].why);
		if (rows[i].rule != NULL)
			CHECK(mca_findings_has(&r.findings, rows[i].rule),
			    "%s: no %s", rows[i].why, rows[i].rule);
		if (!rows[i].refused)
			CHECK(r.not_after == NOW + rows[i].written,
			    "%s: ends after %jd s", rows[i].why,
			    (intmax_t)(r.not_after - NOW));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_life_has_a_floor_a_cap_and_an_end),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
