-- The store: version 1.  Once released a migration is never edited; what
-- changes later is 0002 and up.
--
-- Digests and serial numbers are bytes, times are seconds since 1970.  What
-- can be computed is not stored: "expired" is for the clock of who asks.
--
-- Indexes cost on every certificate signed.  Those over digests hold their
-- first four bytes only: at ten million rows this leaves no more than one
-- stranger in a few hundred lookups, in a quarter of the pages.

PRAGMA application_id = 0x6d6e6361;	-- "mnca"

-- When each version of this schema came to this file.
CREATE TABLE migration (
	version		INTEGER PRIMARY KEY,
	applied		INTEGER NOT NULL
) STRICT;

-- Issuer names (RFC 4514), once each: millions of certificates share one.
CREATE TABLE issuer (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL UNIQUE
) STRICT;

-- A CA whose key we hold, or will hold: then `certificate` is still NULL.
CREATE TABLE authority (
	id		INTEGER PRIMARY KEY,
	label		TEXT NOT NULL COLLATE NOCASE UNIQUE,
	kind		TEXT NOT NULL CHECK (kind IN ('root', 'intermediate')),
	parent		INTEGER REFERENCES authority,
	key		TEXT NOT NULL,		-- file (below the home) or URI
	certificate	INTEGER UNIQUE REFERENCES certificate,
	created		INTEGER NOT NULL
) STRICT;

-- What is asked of certificates; their bytes are in certificate_der, so that
-- walking over many reads few pages.
CREATE TABLE certificate (
	id		INTEGER PRIMARY KEY,
	-- Big-endian, no leading zeros; zero is 00, and 00 before a magnitude
	-- says that an imported one is negative.
	serial		BLOB NOT NULL CHECK (length(serial) > 0),
	issuer		INTEGER NOT NULL REFERENCES issuer,
	authority	INTEGER REFERENCES authority,	-- NULL: not one of ours
	origin		TEXT NOT NULL CHECK (origin IN ('issued', 'imported')),
	is_ca		INTEGER NOT NULL CHECK (is_ca IN (0, 1)),
	not_before	INTEGER NOT NULL,
	not_after	INTEGER NOT NULL,
	recorded	INTEGER NOT NULL,
	policy		TEXT,
	renews		INTEGER REFERENCES certificate,	-- what it replaces
	subject		TEXT NOT NULL,			-- RFC 4514
	key_algorithm	TEXT,		-- both NULL: a key we cannot decode
	key_sha256	BLOB CHECK (length(key_sha256) = 32),
	sha256		BLOB NOT NULL CHECK (length(sha256) = 32)
) STRICT;

-- RFC 5280, 4.1.2.2: issuer name and serial number identify a certificate.
CREATE UNIQUE INDEX certificate_serial ON certificate (serial, issuer);
CREATE INDEX certificate_not_after ON certificate (not_after);
CREATE INDEX certificate_sha256 ON certificate (substr(sha256, 1, 4));
CREATE INDEX certificate_key ON certificate (substr(key_sha256, 1, 4));
CREATE INDEX certificate_renews ON certificate (renews)
 WHERE renews IS NOT NULL;

CREATE TABLE certificate_der (
	certificate	INTEGER PRIMARY KEY REFERENCES certificate,
	der		BLOB NOT NULL
) STRICT;

-- Names in normal form, in the order of the certificate; a common name is
-- among them when it is none of the subject alternative names.  `reversed` is
-- the text from its end, to find '*.example.org' by index.
CREATE TABLE name (
	certificate	INTEGER NOT NULL REFERENCES certificate,
	position	INTEGER NOT NULL,
	form		TEXT NOT NULL,
	text		TEXT NOT NULL COLLATE NOCASE,
	reversed	TEXT NOT NULL COLLATE NOCASE,
	PRIMARY KEY (certificate, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX name_text ON name (text);
CREATE INDEX name_reversed ON name (reversed);

-- Moduli of the RSA keys in `certificate`, 8^level of them multiplied: from
-- those recorded with row `first` to those of `last`, each key once.  A new
-- modulus that has a prime in common with a product is no secret any more
-- (lib/store_keys.c).  `pairs` halve the cost of asking the largest, where they
-- are not NULL (lib/inner.h).
CREATE TABLE rsa_product (
	id		INTEGER PRIMARY KEY,
	level		INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
	first		INTEGER NOT NULL REFERENCES certificate,
	last		INTEGER NOT NULL REFERENCES certificate,
	product		BLOB NOT NULL,
	pairs		BLOB
) STRICT;

CREATE INDEX rsa_product_level ON rsa_product (level);

-- Words that people give to certificates, to find them by: "team=web".
CREATE TABLE label (
	text		TEXT NOT NULL COLLATE NOCASE,
	certificate	INTEGER NOT NULL REFERENCES certificate,
	PRIMARY KEY (text, certificate)
) STRICT, WITHOUT ROWID;

CREATE INDEX label_certificate ON label (certificate);

-- By issuer and serial number, as a CRL is: it can name a certificate that
-- was never recorded, and one walk writes the list.  A row means revoked;
-- what is released loses its row (the audit log remembers).
CREATE TABLE revocation (
	issuer		INTEGER NOT NULL REFERENCES issuer,
	serial		BLOB NOT NULL CHECK (length(serial) > 0),
	revoked		INTEGER NOT NULL,
	reason		TEXT NOT NULL CHECK (reason IN ('unspecified',
			    'keyCompromise', 'cACompromise',
			    'affiliationChanged', 'superseded',
			    'cessationOfOperation', 'certificateHold',
			    'privilegeWithdrawn', 'aACompromise')),
	invalid_since	INTEGER,		-- invalidityDate
	PRIMARY KEY (issuer, serial)
) STRICT, WITHOUT ROWID;

-- Lists that were published, so that no number is ever given twice.  Their
-- bytes are not kept: the revocations are, and a new list is easily made.
CREATE TABLE crl (
	id		INTEGER PRIMARY KEY,
	authority	INTEGER NOT NULL REFERENCES authority,
	number		INTEGER NOT NULL CHECK (number > 0),
	this_update	INTEGER NOT NULL,
	next_update	INTEGER NOT NULL,
	entries		INTEGER NOT NULL,
	recorded	INTEGER NOT NULL,
	sha256		BLOB NOT NULL CHECK (length(sha256) = 32),
	UNIQUE (authority, number)
) STRICT;

CREATE TABLE trust_anchor (
	id		INTEGER PRIMARY KEY,
	sha256		BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
	subject		TEXT NOT NULL,
	origin		TEXT NOT NULL,
	not_after	INTEGER NOT NULL,
	added		INTEGER NOT NULL,
	der		BLOB NOT NULL
) STRICT;

-- One root replaced by another; the times say how far it has come.  With the
-- same key `old` and `new` are one authority, and nothing is crossed.
CREATE TABLE rollover (
	id		INTEGER PRIMARY KEY,
	old		INTEGER NOT NULL REFERENCES authority,
	new		INTEGER NOT NULL REFERENCES authority,
	old_certificate	INTEGER NOT NULL REFERENCES certificate,
	new_certificate	INTEGER NOT NULL REFERENCES certificate,
	old_by_new	INTEGER REFERENCES certificate,
	new_by_old	INTEGER REFERENCES certificate,
	started		INTEGER NOT NULL,
	crossed		INTEGER,
	switched	INTEGER,
	finished	INTEGER
) STRICT;

CREATE UNIQUE INDEX rollover_open ON rollover (finished IS NULL)
 WHERE finished IS NULL;

-- Files that we wrote, or were about to when the power went: a path may have
-- several digests, and what bears one of them is ours to replace.
CREATE TABLE deployment (
	path		TEXT NOT NULL,
	sha256		BLOB NOT NULL CHECK (length(sha256) = 32),
	certificate	INTEGER NOT NULL REFERENCES certificate,
	noted		INTEGER NOT NULL,
	PRIMARY KEY (path, sha256)
) STRICT, WITHOUT ROWID;

CREATE INDEX deployment_certificate ON deployment (certificate);
-- Manifests (minica-manifest(5)) by the names they give themselves.
CREATE TABLE manifest (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL UNIQUE
) STRICT;

-- A certificate that a manifest wants, and which one it is now.
CREATE TABLE managed (
	id		INTEGER PRIMARY KEY,
	manifest	INTEGER NOT NULL REFERENCES manifest,
	name		TEXT NOT NULL,
	certificate	INTEGER NOT NULL REFERENCES certificate,
	life		INTEGER NOT NULL,	-- asked for; 0: the policy's
	request		BLOB CHECK (length(request) = 32), -- SHA-256 of its CSR
	UNIQUE (manifest, name)
) STRICT;

-- Its files, as they should be.  `settled` is 0 until what belongs to them
-- (a check, a reload, a probe) has passed.
CREATE TABLE managed_file (
	path		TEXT PRIMARY KEY,
	managed		INTEGER NOT NULL REFERENCES managed,
	role		TEXT NOT NULL,
	certificate	INTEGER NOT NULL REFERENCES certificate,
	sha256		BLOB NOT NULL CHECK (length(sha256) = 32),
	mode		INTEGER NOT NULL,
	uid		INTEGER NOT NULL,
	gid		INTEGER NOT NULL,
	settled		INTEGER NOT NULL CHECK (settled IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX managed_file_managed ON managed_file (managed);

-- An authority that a manifest made, as it was asked for.
CREATE TABLE managed_authority (
	label		TEXT PRIMARY KEY COLLATE NOCASE,
	asked		TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Each entry's hash covers its fields and the hash before it (lib/audit.c).
-- `rows` are the SHA-256 of the rows that it tells of, one after the other: of
-- a row that came, and again when it went (lib/store_seal.c).
CREATE TABLE audit (
	number		INTEGER PRIMARY KEY,
	at		INTEGER NOT NULL,
	actor		TEXT NOT NULL,
	action		TEXT NOT NULL,
	object		TEXT NOT NULL,
	detail		TEXT NOT NULL,
	rows		BLOB NOT NULL CHECK (length(rows) % 32 = 0),
	hash		BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
	SELECT raise(ABORT, 'the audit log is never changed');
END;

CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit
BEGIN
	SELECT raise(ABORT, 'nothing leaves the audit log');
END;

-- INSERT OR REPLACE fires no trigger for the row that it deletes.
CREATE TRIGGER audit_has_no_gaps BEFORE INSERT ON audit
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM audit)
BEGIN
	SELECT raise(ABORT, 'audit entries are numbered without gaps');
END;
