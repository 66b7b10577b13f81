/*
 * minica/limits.h - every bound the library puts on its input.
 *
 * All input is hostile until shown otherwise: whatever meets a bound is told
 * which one.  `minica version --limits` prints this list.
 */
#ifndef MINICA_LIMITS_H
#define MINICA_LIMITS_H

/* Sizes in bytes, of files and of the objects in them. */
#define MCA_LIMIT_REQUEST (64 * 1024)
#define MCA_LIMIT_CERTIFICATE (1024 * 1024)
#define MCA_LIMIT_BUNDLE (16 * 1024 * 1024)
#define MCA_LIMIT_KEY (64 * 1024)
#define MCA_LIMIT_PRIVATE_KEY 6000
#define MCA_LIMIT_PASSPHRASE 1024
#define MCA_LIMIT_CRL (64 * 1024 * 1024)
#define MCA_LIMIT_YAML (64 * 1024)
#define MCA_LIMIT_LIST (16 * 1024 * 1024)
#define MCA_LIMIT_MANIFEST (4 * 1024 * 1024)
#define MCA_LIMIT_PENDING (256 * 1024 * 1024)

/* Counts. */
#define MCA_LIMIT_NAMES 100
#define MCA_LIMIT_NAMES_READ 10000
#define MCA_LIMIT_CERTIFICATES 100000
#define MCA_LIMIT_LABELS 20
#define MCA_LIMIT_LABEL 64
#define MCA_LIMIT_YAML_DEPTH 16
#define MCA_LIMIT_YAML_NODES 10000
#define MCA_LIMIT_MANIFEST_NODES 250000

/* The verifier's budget for one target certificate. */
#define MCA_LIMIT_PATH_DEPTH 20
#define MCA_LIMIT_PATH_CANDIDATES 20000
#define MCA_LIMIT_SIGNATURES 400
#define MCA_LIMIT_CONSTRAINTS 250000
#define MCA_LIMIT_POLICY_NODES 1000

/* What is kept of what a hook of a manifest says. */
#define MCA_LIMIT_HOOK_OUTPUT 8192

/* How often PKCS #12 may derive a key from a passphrase. */
#define MCA_LIMIT_ITERATIONS 1000000

/* The same for a private key of its own: rounds of PBKDF2, or scrypt's N*r*p.
 */
#define MCA_LIMIT_KEY_ITERATIONS 10000000

/* Keys, in bits. */
#define MCA_LIMIT_RSA_BITS 8192
#define MCA_LIMIT_RSA_EXPONENT_BITS 33

/* One connection to a live server: what it may send, and how long it may take.
 */
#define MCA_LIMIT_LIVE_SECONDS 10
#define MCA_LIMIT_LIVE_ADDRESSES 8
#define MCA_LIMIT_LIVE_LINE 8192
#define MCA_LIMIT_LIVE_DIALOGUE (64 * 1024)
#define MCA_LIMIT_LIVE_CHAIN (256 * 1024)
#define MCA_LIMIT_LIVE_CERTIFICATES 50
#define MCA_LIMIT_LIVE_BYTES (1024 * 1024)
#define MCA_LIMIT_OCSP (64 * 1024)

/* Seconds a command that was named with --exec may take. */
#define MCA_LIMIT_HOOK_SECONDS 300

/* Seconds a command waits for the store before it says "busy". */
#define MCA_LIMIT_BUSY_SECONDS 60

/* Seconds an apply waits for another one of the same home. */
#define MCA_LIMIT_APPLY_SECONDS 600

#endif
