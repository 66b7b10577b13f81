/*
 * path.c - see path.h.
 *
 * A search in depth.  The input is hostile: a hundred cross-signed CAs of one
 * name make more paths than there are atoms, so that three things bound it:
 * MCA_LIMIT_PATH_DEPTH certificates in a path, MCA_LIMIT_PATH_CANDIDATES
 * steps and MCA_LIMIT_SIGNATURES signature checks in a question.  A pair of
 * certificates is checked once, however many paths it is part of.
 */
#include "path.h"

#include <stdlib.h>
#include <string.h>

/* An issuer that might be next, and how good it looks. */
struct candidate {
	struct mca_node *node;
	int score;
	size_t order; /* ties are broken as found, so that runs repeat */
};

struct candidates {
	struct mca_path_builder *builder;
	const struct mca_path *path;
	struct candidate *rows;
	size_t count, capacity;
};

static bool
same_key(const struct mca_facts *a, const struct mca_facts *b)
{
	const ASN1_BIT_STRING *a_key = X509_get0_pubkey_bitstr(a->x509);
	const ASN1_BIT_STRING *b_key = X509_get0_pubkey_bitstr(b->x509);

	return ASN1_STRING_cmp(a_key, b_key) == 0;
}

/*
 * RFC 4158, 2.4.2: a path that comes back to a name and key it has passed
 * gains nothing by the detour.  The target is compared as a whole, for a new
 * root's certificate may vouch for the old one of the same key.
 */
static bool
loops(struct mca_session *session, const struct mca_path *path,
    struct mca_node *node)
{
	const struct mca_facts *facts = mca_node_facts(session, node);
	const struct mca_facts *other;

	if (facts == NULL || mca_same_cert(path->nodes[0]->cert, node->cert))
		return true;
	for (size_t i = 1; i < path->length; i++) {
		other = path->nodes[i]->facts;
		if (X509_NAME_cmp(X509_get_subject_name(other->x509),
			X509_get_subject_name(facts->x509)) == 0 &&
		    same_key(other, facts))
			return true;
	}
	return false;
}

/* Compares what the subject says of its issuer's key with what it is. */
static int
key_id_score(const struct mca_facts *subject, const struct mca_facts *issuer)
{
	const AUTHORITY_KEYID *aki = subject->value[MCA_EXT_AKI];
	const ASN1_OCTET_STRING *ski = issuer->value[MCA_EXT_SKI];

	if (aki == NULL || aki->keyid == NULL || ski == NULL)
		return 0;
	return ASN1_OCTET_STRING_cmp(aki->keyid, ski) == 0 ? 4 : -4;
}

static bool
is_fit(struct mca_session *session, struct mca_node *node)
{
	return mca_findings_worst(mca_node_rules(session, node)) <
	    MCA_UNDECIDED;
}

/* Anchors first, then those whose key is named, then those without fault. */
static int
score_of(struct mca_session *session, const struct mca_facts *subject,
    struct mca_node *node)
{
	return (is_fit(session, node) ? 16 : 0) +
	    (node->role == MCA_ANCHOR ? 8 : 0) +
	    key_id_score(subject, node->facts);
}

static bool
reserve(struct candidates *list)
{
	size_t capacity = list->capacity == 0 ? 8 : 2 * list->capacity;
	struct candidate *rows;

	if (list->count < list->capacity)
		return true;
	rows = realloc(list->rows, capacity * sizeof(*rows));
	if (rows == NULL) {
		list->builder->session->budget->hit |= MCA_HIT_MEMORY;
		return false;
	}
	list->rows = rows;
	list->capacity = capacity;
	return true;
}

static void
note_unfit(struct mca_session *session, struct mca_node *node)
{
	if (node->role == MCA_ANCHOR)
		mca_trials_finding(&session->trials, node->cert,
		    mca_node_rules(session, node));
}

static bool
gather_one(void *context, struct mca_node *node)
{
	struct candidates *list = context;
	struct mca_session *session = list->builder->session;
	const struct mca_path *path = list->path;

	if (session->budget->candidates == 0) {
		session->budget->hit |= MCA_HIT_CANDIDATES;
		return false;
	}
	session->budget->candidates--;
	if (loops(session, path, node))
		return true;
	if (!list->builder->unfit_too && !is_fit(session, node)) {
		note_unfit(session, node);
		return true;
	}
	if (!reserve(list))
		return false;
	list->rows[list->count] = (struct candidate){ node,
		score_of(session, path->nodes[path->length - 1]->facts, node),
		list->count };
	list->count++;
	return true;
}

static int
best_first(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	if (left->score != right->score)
		return left->score > right->score ? -1 : 1;
	return left->order < right->order ? -1 : 1;
}

static void
gather(struct candidates *list)
{
	const struct mca_path *path = list->path;
	const struct mca_facts *last = path->nodes[path->length - 1]->facts;

	mca_session_named(list->builder->session,
	    X509_get_issuer_name(last->x509), gather_one, list);
	if (list->count > 1)
		qsort(list->rows, list->count, sizeof(*list->rows), best_first);
}

static bool extend(struct mca_path_builder *builder, struct mca_path *path);

/* Takes one step up; true when the search is over. */
static bool
step(struct mca_path_builder *builder, struct mca_path *path,
    struct mca_node *node)
{
	struct mca_session *session = builder->session;
	enum mca_link link =
	    mca_session_link(session, path->nodes[path->length - 1], node);
	bool done;

	if (link == MCA_LINK_BAD && path->length >= builder->longest.length)
		builder->impostor = node;
	if (link == MCA_LINK_BAD && node->role == MCA_ANCHOR)
		mca_trials_key(&session->trials, node->cert,
		    path->nodes[path->length - 1]->cert);
	if (link == MCA_LINK_BAD ||
	    (link == MCA_LINK_UNKNOWN && !builder->unfit_too))
		return false;
	path->nodes[path->length++] = node;
	path->anchored = node->role == MCA_ANCHOR;
	done = path->anchored ? builder->judge(builder->context, path)
			      : extend(builder, path);
	path->length--;
	path->anchored = false;
	return done;
}

static void
note_dead_end(struct mca_path_builder *builder, const struct mca_path *path)
{
	if (path->length <= builder->longest.length)
		return;
	builder->longest = *path;
	builder->impostor = NULL;
}

static bool
spent(const struct mca_path_builder *builder)
{
	return (builder->session->budget->hit & MCA_HIT_SEARCHING) != 0;
}

static bool
extend(struct mca_path_builder *builder, struct mca_path *path)
{
	struct candidates list = { .builder = builder, .path = path };
	bool done = false;

	note_dead_end(builder, path);
	if (path->length > MCA_LIMIT_PATH_DEPTH) {
		builder->too_long = true;
		return false;
	}
	gather(&list);
	for (size_t i = 0; i < list.count && !done && !spent(builder); i++)
		done = step(builder, path, list.rows[i].node);
	free(list.rows);
	return done;
}

/* A target that is itself a trust anchor needs no one to vouch for it. */
static bool
find_itself(void *context, struct mca_node *node)
{
	struct mca_path *path = context;

	if (node->role == MCA_ANCHOR &&
	    mca_same_cert(node->cert, path->nodes[0]->cert))
		path->anchored = true;
	return !path->anchored;
}

void
mca_path_build(struct mca_path_builder *builder)
{
	struct mca_session *session = builder->session;
	struct mca_path path = { .nodes = { session->target }, .length = 1 };
	const struct mca_facts *facts =
	    mca_node_facts(session, session->target);

	if (facts == NULL)
		return;
	mca_session_named(session, X509_get_subject_name(facts->x509),
	    find_itself, &path);
	if (path.anchored && builder->judge(builder->context, &path))
		return;
	path.anchored = false;
	(void)extend(builder, &path);
}
