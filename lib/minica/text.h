/*
 * minica/text.h - text that grows, and text that may be shown.
 *
 * Whatever came from input passes through mca_text_escape or MCA_SHOW before
 * a person or a terminal sees it: control characters, bidirectional marks and
 * everything else outside printable ASCII is shown as \xNN, never acted upon.
 */
#ifndef MINICA_TEXT_H
#define MINICA_TEXT_H

#include "minica/error.h"

/*
 * A text of zeros is empty.  Running out of memory sets `failed` and makes
 * every later addition a no-op, so that callers look once, at the end.
 */
typedef struct mca_text {
	char *bytes; /* NUL-terminated once anything was added, or NULL */
	size_t length, capacity;
	bool failed;
} mca_text;

/* mca_text_clear frees what the text holds and makes it empty. */
MCA_API void mca_text_clear(mca_text *text);
MCA_SCOPED(mca_text, mca_text_clear)

/* mca_text_add and mca_text_addf append bytes, and formatted text. */
MCA_API void mca_text_add(mca_text *text, const char *bytes, size_t length);
MCA_API void mca_text_addf(mca_text *text, const char *fmt, ...)
    MCA_PRINTF(2, 3);

/* mca_text_escape adds `bytes` so that showing them is harmless. */
MCA_API void mca_text_escape(mca_text *text, const char *bytes, size_t length);

/*
 * mca_text_tame does so with what should be escaped already: its backslashes
 * stay.  mca_text_is_tame says that nothing is left to do.
 */
MCA_API void mca_text_tame(mca_text *text, const char *wild);
MCA_API bool mca_text_is_tame(const char *text);

/* mca_text_hex adds lower-case hexadecimal digits. */
MCA_API void mca_text_hex(mca_text *text, const uint8_t *bytes, size_t length);

/* mca_text_base64 adds base64 (RFC 4648, 4), in one line. */
MCA_API void mca_text_base64(mca_text *text, const uint8_t *bytes,
    size_t length);

/* mca_text_get returns the text so far, "" when there is none. */
MCA_API const char *mca_text_get(const mca_text *text);

/*
 * mca_text_take puts the finished string, which the caller frees with free(),
 * in `*out` and empties the text; MCA_ESYSTEM if any addition failed.
 */
MCA_API mca_code mca_text_take(char **out, mca_text *text,
    struct mca_error *err);

/*
 * mca_show writes `bytes` escaped into `buf` and returns it.  What does not
 * fit is counted, not silently dropped: "aaaa...(+9000 bytes)".
 */
MCA_API const char *mca_show(char *buf, size_t size, const char *bytes,
    size_t length);

/*
 * mca_show_tame does so with what should be escaped already, as the names of a
 * SAN are: its backslashes stay.
 */
MCA_API const char *mca_show_tame(char *buf, size_t size, const char *text);

/* MCA_SHOW, MCA_SHOW_TEXT and MCA_SHOW_TAME have a buffer of the block. */
#define MCA_SHOW(bytes, length) mca_show((char[200]){ 0 }, 200, bytes, length)
#define MCA_SHOW_TEXT(text) MCA_SHOW(text, __builtin_strlen(text))
#define MCA_SHOW_TAME(text) mca_show_tame((char[200]){ 0 }, 200, text)

/*
 * mca_text_unhex reads exactly `size` bytes of hexadecimal, in either case,
 * colons between bytes allowed; false if `text` is anything else.
 */
MCA_API bool mca_text_unhex(uint8_t *out, size_t size, const char *text);

/*
 * mca_text_nearest returns the word of `words` (ended by NULL) that `word` was
 * likely meant to be, or NULL when none is near.
 */
MCA_API const char *mca_text_nearest(const char *word,
    const char *const *words);

#endif
