/*
 * doctor_store.c - the store against itself.
 */
#include "doctor.h"

#include "minica/audit.h"
#include "minica/text.h"
#include "store.h"

/* Objects are texts that minica wrote, but who knows who wrote them since. */
static mca_code
note_fault(void *context, enum mca_store_fault fault, const char *object,
    const char *text, struct mca_error *err)
{
	static const enum mca_ailment ailments[] = {
		[MCA_FAULT_PAGES] = MCA_AIL_PAGES,
		[MCA_FAULT_SCHEMA] = MCA_AIL_SCHEMA,
		[MCA_FAULT_REFERENCE] = MCA_AIL_REFERENCE,
		[MCA_FAULT_CERTIFICATE] = MCA_AIL_CERTIFICATE,
		[MCA_FAULT_ANCHOR] = MCA_AIL_ANCHOR,
		[MCA_FAULT_SEAL] = MCA_AIL_SEAL,
	};

	(void)err;
	mca_doctor_find(context, ailments[fault], object, "%s", text);
	return MCA_OK;
}

static mca_code
note_misfit(void *context, const struct mca_audit_misfit *misfit,
    struct mca_error *err)
{
	(void)err;
	if (misfit->missing)
		mca_doctor_find(context, MCA_AIL_AUDIT, "",
		    "entries %lld to %lld were removed",
		    (long long)misfit->first, (long long)misfit->last);
	else
		mca_doctor_find(context, MCA_AIL_AUDIT, "",
		    "entry %lld (%s %s) does not fit: it was changed, moved or "
		    "slipped in",
		    (long long)misfit->first, MCA_SHOW_TEXT(misfit->action),
		    MCA_SHOW_TEXT(misfit->object));
	return MCA_OK;
}

mca_code
mca_doctor_store(struct mca_doctor *doctor, struct mca_error *err)
{
	const struct mca_store_check check = { note_fault, doctor };
	mca_store *store = doctor->ca->store;
	int64_t count;
	mca_code code = MCA_OK;

	/* What is damaged in one way may still be readable in another. */
	for (int i = MCA_FAULT_PAGES; code == MCA_OK && i <= MCA_FAULT_SEAL;
	     i++)
		code = mca_doctor_survive(doctor,
		    mca_store_check(store, (enum mca_store_fault)i, &check,
			err),
		    err);
	if (code != MCA_OK)
		return code;
	return mca_doctor_survive(doctor,
	    mca_audit_examine(store, &count, note_misfit, doctor, err), err);
}
