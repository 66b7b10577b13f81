/*
 * memory.c - see memory.h.
 */
#include "memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

void
mca_known_clear(struct mca_known *known)
{
	mca_findings *rules = atomic_load(&known->rules);

	mca_facts_free(atomic_load(&known->facts));
	if (rules != NULL)
		mca_findings_clear(rules);
	free(rules);
}

const struct mca_facts *
mca_known_facts(struct mca_known *known, const mca_cert *cert)
{
	struct mca_facts *facts = atomic_load(&known->facts);
	struct mca_facts *other = NULL;

	if (facts != NULL)
		return facts;
	facts = mca_facts_new(cert);
	if (facts == NULL ||
	    atomic_compare_exchange_strong(&known->facts, &other, facts))
		return facts;
	mca_facts_free(facts);
	return other;
}

const mca_findings *
mca_known_rules(const struct mca_known *known)
{
	return atomic_load(&known->rules);
}

const mca_findings *
mca_known_learn(struct mca_known *known, mca_findings *findings)
{
	mca_findings *other = NULL;

	if (atomic_compare_exchange_strong(&known->rules, &other, findings))
		return findings;
	mca_findings_clear(findings);
	free(findings);
	return other;
}

/*
 * Links.  A table of open places: the keys are digests, so that a part of one
 * is as good a hash as any, and nobody can choose them.  It never grows; who
 * fills it up with certificates of his own makes us forget no other.
 */

enum { PLACES = 4096, MOST = PLACES / 2 };

struct place {
	struct mca_link_key key;
	enum mca_link link;
	bool taken;
};

struct mca_links {
	pthread_mutex_t lock;
	size_t count;
	struct place places[PLACES];
};

mca_links *
mca_links_new(void)
{
	mca_links *links = calloc(1, sizeof(*links));

	if (links != NULL && pthread_mutex_init(&links->lock, NULL) != 0) {
		free(links);
		return NULL;
	}
	return links;
}

void
mca_links_free(mca_links *links)
{
	if (links == NULL)
		return;
	(void)pthread_mutex_destroy(&links->lock);
	free(links);
}

/* The place of `key`, or the free one where it belongs. */
static struct place *
place_of(mca_links *links, const struct mca_link_key *key)
{
	size_t at;

	memcpy(&at, key->subject, sizeof(at));
	at ^= (size_t)key->issuer[0] << 8 | key->issuer[1];
	for (at %= PLACES; links->places[at].taken; at = (at + 1) % PLACES)
		if (memcmp(&links->places[at].key, key, sizeof(*key)) == 0)
			break;
	return &links->places[at];
}

enum mca_link
mca_links_find(mca_links *links, const struct mca_link_key *key)
{
	const struct place *place;
	enum mca_link link = MCA_LINK_UNKNOWN;

	(void)pthread_mutex_lock(&links->lock);
	place = place_of(links, key);
	if (place->taken)
		link = place->link;
	(void)pthread_mutex_unlock(&links->lock);
	return link;
}

void
mca_links_add(mca_links *links, const struct mca_link_key *key,
    enum mca_link link)
{
	struct place *place;

	(void)pthread_mutex_lock(&links->lock);
	place = place_of(links, key);
	if (!place->taken && links->count < MOST) {
		*place = (struct place){ *key, link, true };
		links->count++;
	}
	(void)pthread_mutex_unlock(&links->lock);
}
