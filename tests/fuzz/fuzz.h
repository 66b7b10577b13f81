/*
 * fuzz.h - what a harness is: one file that reads one input.
 *
 * fuzz_begin makes ready what every input needs; fuzz_one reads `bytes` as the
 * program would, and uses what came of it.  It must neither crash (sanitizers
 * watch) nor take a second of processor time, and what it calls must keep its
 * word: what may be shown holds no control character, for one.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "minica/cert.h"
#include "minica/crl.h"
#include "minica/csr.h"
#include "minica/finding.h"
#include "minica/owned.h"

#include <stdlib.h>
#include <string.h>

/* When everything is judged: 2026-01-01T00:00:00Z. */
#define FUZZ_NOW INT64_C(1767225600)

void fuzz_begin(void);
void fuzz_one(const uint8_t *bytes, size_t length);

/* Ends the run when `condition` does not hold. */
#define fuzz_require(condition)                                                \
	((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/* fuzz_text returns the bytes as a string, cut at a NUL, to be freed. */
char *fuzz_text(const uint8_t *bytes, size_t length);

/*
 * fuzz_directory makes a directory that is gone at the end of the run, and
 * returns its path.
 */
const char *fuzz_directory(void);

/*
 * fuzz_save writes a file; what was there before is gone.  fuzz_file does so
 * in a place of its own, which it returns.
 */
void fuzz_save(const char *path, const uint8_t *bytes, size_t length);
const char *fuzz_file(const uint8_t *bytes, size_t length);

/*
 * fuzz_stand_ins makes the keys that stand for those of requests, one of each
 * algorithm, which are kept; how long that takes is for chance to say.
 */
void fuzz_stand_ins(void);

/*
 * Each asks an object for everything it tells, and looks at it: what may be
 * shown must be safe to show.
 */
void show_text(const char *text);
void show_error(const struct mca_error *err);
void show_findings(const mca_findings *findings);
void show_names(const mca_san *san);
void show_name(const mca_name *name);
void show_spki(const mca_spki *spki);
void show_cert(const mca_cert *cert);
void show_crl(const mca_crl *crl);
void show_csr(const mca_csr *csr);

#endif
