/*
 * minica.h - libminica, all of it but minica/x509.h (libcrypto's own types).
 *
 * Threads: there are no globals (but minica/heap.h).  Immutable objects (key,
 * name, san, csr, cert, crl, policy, verifier) may be shared between threads;
 * lists, texts, files, a store and a ca belong to one thread at a time.
 */
#ifndef MINICA_H
#define MINICA_H

#include "minica/api.h"
#include "minica/audit.h"
#include "minica/backup.h"
#include "minica/blob.h"
#include "minica/bundle.h"
#include "minica/ca.h"
#include "minica/cert.h"
#include "minica/ciphers.h"
#include "minica/cleanse.h"
#include "minica/client.h"
#include "minica/cores.h"
#include "minica/crl.h"
#include "minica/csr.h"
#include "minica/digest.h"
#include "minica/directory.h"
#include "minica/doctor.h"
#include "minica/error.h"
#include "minica/file.h"
#include "minica/finding.h"
#include "minica/fixture.h"
#include "minica/heap.h"
#include "minica/host.h"
#include "minica/import.h"
#include "minica/key.h"
#include "minica/limits.h"
#include "minica/lint.h"
#include "minica/live.h"
#include "minica/manifest.h"
#include "minica/name.h"
#include "minica/ocsp.h"
#include "minica/pem.h"
#include "minica/plan.h"
#include "minica/policy.h"
#include "minica/profile.h"
#include "minica/random.h"
#include "minica/rollover.h"
#include "minica/san.h"
#include "minica/spki.h"
#include "minica/store.h"
#include "minica/text.h"
#include "minica/time.h"
#include "minica/trust.h"
#include "minica/verify.h"
#include "minica/weak.h"

#endif
