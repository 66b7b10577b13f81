/*
 * client.h - in what clients differ besides their rules about one certificate.
 */
#ifndef MCA_CLIENT_PRIVATE_H
#define MCA_CLIENT_PRIVATE_H

#include "minica/client.h"

/* A host may be the common name, where the certificate names no other host. */
#define MCA_READS_COMMON_NAME (MCA_JAVA | MCA_PYTHON | MCA_OPENSSL | MCA_GNUTLS)

/* An anchor is a name and a key: the limits that it sets count for nothing. */
#define MCA_ANCHOR_IS_BARE MCA_JAVA

/* Certificate policies are not processed unless the program asks for it. */
#define MCA_IGNORES_POLICIES (MCA_APPLE | MCA_PYTHON | MCA_OPENSSL | MCA_GNUTLS)

/* An issuer is none whose key has another identifier than the one named. */
#define MCA_FOLLOWS_KEY_ID (MCA_PYTHON | MCA_OPENSSL | MCA_GNUTLS)

#endif
