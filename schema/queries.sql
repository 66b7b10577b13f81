-- The statements of the library, found by the lines that name them.  Names
-- may be joined: "record+by_expiry" is the text of both.

-- name: settings
PRAGMA synchronous = FULL;	-- with WAL: a commit survives a power cut
PRAGMA fullfsync = ON;		-- where fsync alone does not reach the disk
PRAGMA foreign_keys = ON;
PRAGMA cell_size_check = ON;
PRAGMA cache_size = -12288;	-- kilobytes; indexes over digests scatter

-- name: room_for_products
PRAGMA cache_size = -40960;	-- those of 100,000 moduli of 2048 bits are 25 MB

-- name: only_read
PRAGMA query_only = ON;

-- name: begin
BEGIN IMMEDIATE;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: user_version
PRAGMA user_version;

-- One statement, so that all three are of one moment.
-- name: identity
SELECT (SELECT application_id FROM pragma_application_id) AS application,
       (SELECT user_version FROM pragma_user_version) AS version,
       (SELECT count(*) FROM sqlite_schema) AS tables;

-- name: schema
SELECT type, name, tbl_name, sql FROM sqlite_schema
 WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\' OR type NOT IN ('table', 'index')
 ORDER BY type, name;

-- name: schema_has
SELECT count(*) AS found FROM sqlite_schema
 WHERE type = :type AND name = :name AND tbl_name = :table AND sql = :sql;

-- name: migration_add
INSERT INTO migration (version, applied) VALUES (:version, :now);

-- name: backup
VACUUM INTO :path;

-- name: authority_id
SELECT id FROM authority WHERE label = :label;

-- name: authority_add
INSERT INTO authority (label, kind, parent, key, certificate, created)
VALUES (:label, :kind, :parent, :key, :certificate, :created);

-- name: authority_install
UPDATE authority SET certificate = :certificate, parent = :parent
 WHERE id = :id AND certificate IS NULL;

-- name: authorities
SELECT a.label, a.kind,
       (SELECT label FROM authority WHERE id = a.parent) AS parent,
       a.key, a.certificate, a.created,
       (SELECT der FROM certificate_der
	 WHERE certificate = a.certificate) AS der
  FROM authority AS a ORDER BY a.id;

-- name: serial_taken
SELECT id FROM certificate WHERE serial = :serial;

-- name: certificate_of
SELECT id FROM certificate
 WHERE serial = :serial
   AND issuer = (SELECT id FROM issuer WHERE name = :issuer);

-- name: issuer_add
INSERT INTO issuer (name) VALUES (:issuer) ON CONFLICT DO NOTHING;

-- name: certificate_add
INSERT INTO certificate (serial, issuer, authority, origin, is_ca, not_before,
			 not_after, recorded, policy, renews, subject,
			 key_algorithm, key_sha256, sha256)
VALUES (:serial, (SELECT id FROM issuer WHERE name = :issuer), :authority,
	:origin, :is_ca, :not_before, :not_after, :now, :policy, :renews,
	:subject, :key_algorithm, :key_sha256, :sha256);

-- name: der_add
INSERT INTO certificate_der (certificate, der) VALUES (:certificate, :der);

-- name: name_add
INSERT INTO name (certificate, position, form, text, reversed)
VALUES (:certificate, :position, :form, :text, :reversed);

-- name: label_add
INSERT INTO label (text, certificate) VALUES (:text, :certificate);

-- name: record
SELECT c.id,
       CASE WHEN c.serial = x'00' THEN '0'
	    WHEN substr(c.serial, 1, 1) = x'00'
	    THEN '-' || lower(hex(substr(c.serial, 2)))
	    ELSE lower(hex(c.serial)) END AS serial,
       lower(hex(c.sha256)) AS sha256,
       c.subject,
       (SELECT name FROM issuer WHERE id = c.issuer) AS issuer,
       (SELECT group_concat(form || ':' || text, ' ')
	  FROM (SELECT form, text FROM name
		 WHERE certificate = c.id AND form <> 'commonName'
		 ORDER BY position)) AS names,
       (SELECT group_concat(text, ' ')
	  FROM (SELECT text FROM label
		 WHERE certificate = c.id ORDER BY text)) AS labels,
       (SELECT label FROM authority WHERE id = c.authority) AS authority,
       c.policy, c.key_algorithm, lower(hex(c.key_sha256)) AS key_sha256,
       c.origin = 'imported' AS imported, c.is_ca,
       c.not_before, c.not_after, c.recorded,
       r.revoked, r.reason, c.renews,
       EXISTS (SELECT 1 FROM certificate WHERE renews = c.id) AS renewed,
       (SELECT der FROM certificate_der WHERE certificate = c.id) AS der
  FROM certificate AS c
  LEFT JOIN revocation AS r ON r.issuer = c.issuer AND r.serial = c.serial
 WHERE true

-- The sets below are asked for by "id IN", so that few answers are never
-- looked for among all rows.

-- name: key_uses
SELECT c.id, c.is_ca, r.reason
  FROM certificate AS c
  LEFT JOIN revocation AS r ON r.issuer = c.issuer AND r.serial = c.serial
 WHERE substr(c.key_sha256, 1, 4) = :head AND c.key_sha256 = :key
 ORDER BY c.id DESC

-- name: key_use_names
SELECT subject, (SELECT group_concat(form || ':' || text, ' ') FROM name
		  WHERE certificate = :id AND form <> 'commonName') AS names
  FROM certificate WHERE id = :id

-- name: with_any_id
   AND c.id IN (
       SELECT id FROM certificate WHERE serial = :serial
       UNION SELECT id FROM certificate
	      WHERE substr(sha256, 1, 4) = :head
		AND sha256 BETWEEN :low AND :high
       UNION SELECT certificate FROM authority WHERE label = :text
       UNION SELECT certificate FROM name WHERE text = :text
       UNION SELECT certificate FROM name WHERE text = :normal)

-- name: with_id
   AND c.id = :id

-- name: with_name
   AND c.id IN (SELECT certificate FROM name
		 WHERE text >= :low AND text < :high
		   AND lower(text) GLOB :glob)

-- name: with_reversed
   AND c.id IN (SELECT certificate FROM name
		 WHERE reversed >= :low AND reversed < :high
		   AND lower(text) GLOB :glob)

-- name: with_host
   AND c.id IN (SELECT certificate FROM name
		 WHERE text IN (:host, :wildcard)
		   AND form IN ('dNSName', 'iPAddress'))

-- name: with_label
   AND c.id IN (SELECT certificate FROM label WHERE text = :label)

-- name: with_subject
   AND lower(c.subject) GLOB :glob

-- name: with_authority
   AND c.authority = (SELECT id FROM authority WHERE label = :authority)

-- name: with_policy
   AND c.policy = :policy

-- name: with_key_algorithm
   AND c.key_algorithm = :key_algorithm

-- name: with_key
   AND c.id IN (SELECT id FROM certificate
		 WHERE substr(key_sha256, 1, 4) = :head AND key_sha256 = :key)

-- name: with_text
   AND c.id IN (SELECT certificate FROM name WHERE text = :text)

-- name: with_rsa_rows
   AND c.id BETWEEN :first AND :last AND c.key_algorithm LIKE 'rsa%'

-- name: when_valid
   AND r.revoked IS NULL AND c.not_after >= :now

-- name: when_expired
   AND r.revoked IS NULL AND c.not_after < :now

-- name: when_revoked
   AND c.id IN (SELECT x.id FROM revocation AS v CROSS JOIN certificate AS x
		 WHERE x.serial = v.serial AND x.issuer = v.issuer)

-- Replaced: by the one that renewed it, or by a newer one of the same key
-- and names, which is how a renewal looks that was signed by hand.
-- name: when_latest
   AND NOT EXISTS (SELECT 1 FROM certificate AS n WHERE n.renews = c.id)
   AND NOT EXISTS (
       SELECT 1 FROM certificate AS n
	WHERE n.id > c.id AND n.key_sha256 = c.key_sha256
	  AND substr(n.key_sha256, 1, 4) = substr(c.key_sha256, 1, 4)
	  AND n.policy IS c.policy
	  AND (SELECT group_concat(text, ' ')
		 FROM (SELECT text FROM name WHERE certificate = n.id
			ORDER BY text)) IS
	      (SELECT group_concat(text, ' ')
		 FROM (SELECT text FROM name WHERE certificate = c.id
			ORDER BY text))
	  AND NOT EXISTS (SELECT 1 FROM revocation
			   WHERE issuer = n.issuer AND serial = n.serial))

-- name: when_unmanaged
   AND c.id NOT IN (SELECT certificate FROM managed)

-- name: when_renewing
   AND c.renews IS NOT NULL

-- name: when_leaf
   AND c.is_ca = 0

-- name: when_expiring
   AND c.id IN (SELECT id FROM certificate
		 WHERE not_after BETWEEN :from AND :until)

-- name: leaf_count
SELECT count(*) FILTER (WHERE r.revoked IS NULL AND c.not_after >= :now)
	 AS valid,
       count(*) FILTER (WHERE r.revoked IS NULL AND c.not_after < :now)
	 AS expired,
       count(r.revoked) AS revoked
  FROM certificate AS c
  LEFT JOIN revocation AS r ON r.issuer = c.issuer AND r.serial = c.serial
 WHERE c.is_ca = 0;

-- name: by_recorded
 ORDER BY c.id

-- name: by_newest
 ORDER BY c.id DESC

-- name: by_name
 ORDER BY coalesce((SELECT text FROM name
		     WHERE certificate = c.id AND position = 0), c.subject)
	  COLLATE NOCASE, c.id

-- name: by_expiry
 ORDER BY c.not_after, c.id

-- name: by_serial
 ORDER BY length(c.serial), c.serial, c.id

-- name: certificate_newest
SELECT coalesce(max(id), 0) FROM certificate;

-- name: product_add
INSERT INTO rsa_product (level, first, last, product, pairs)
VALUES (:level, :first, :last, :product, :pairs);

-- name: products_count
SELECT count(*) AS count FROM rsa_product WHERE level = :level;

-- name: products_of_level
SELECT first, last, product FROM rsa_product WHERE level = :level ORDER BY id;

-- name: products_drop
DELETE FROM rsa_product WHERE level = :level;

-- name: products
SELECT first, last, product, pairs FROM rsa_product WHERE last > :since;

-- name: revocation_add
INSERT INTO revocation (issuer, serial, revoked, reason, invalid_since)
VALUES ((SELECT id FROM issuer WHERE name = :issuer), :serial, :revoked,
	:reason, :invalid_since);

-- name: revocation_get
SELECT revoked, reason, coalesce(invalid_since, 0) AS invalid_since
  FROM revocation
 WHERE issuer = (SELECT id FROM issuer WHERE name = :issuer)
   AND serial = :serial;

-- name: revocation_remove
DELETE FROM revocation
 WHERE issuer = (SELECT id FROM issuer WHERE name = :issuer)
   AND serial = :serial;

-- name: revocations
SELECT serial, revoked, reason, coalesce(invalid_since, 0) AS invalid_since
  FROM revocation
 WHERE issuer = (SELECT id FROM issuer WHERE name = :issuer);

-- name: revocation_count
SELECT count(*) FILTER (WHERE revoked <= :since) AS until,
       count(*) FILTER (WHERE revoked > :since) AS after
  FROM revocation
 WHERE issuer = (SELECT id FROM issuer WHERE name = :issuer);

-- name: crl_last
SELECT number, this_update, next_update, entries, recorded, sha256
  FROM crl
 WHERE authority = (SELECT id FROM authority WHERE label = :authority)
 ORDER BY number DESC LIMIT 1;

-- name: crl_at
SELECT number, this_update, next_update, recorded, entries, sha256
  FROM crl
 WHERE authority = (SELECT id FROM authority WHERE label = :authority)
 ORDER BY this_update <= :at AND :at <= next_update DESC, number DESC
 LIMIT 1;

-- name: crl_add
INSERT INTO crl (authority, number, this_update, next_update, entries,
		 recorded, sha256)
VALUES ((SELECT id FROM authority WHERE label = :authority), :number,
	:this_update, :next_update, :entries, :now, :sha256);

-- name: anchor_add
INSERT INTO trust_anchor (sha256, subject, origin, not_after, added, der)
VALUES (:sha256, :subject, :origin, :not_after, :now, :der)
ON CONFLICT DO NOTHING;

-- name: anchor_remove
DELETE FROM trust_anchor WHERE sha256 = :sha256;

-- name: anchors
SELECT lower(hex(sha256)) AS sha256, subject, origin, not_after, added, der
  FROM trust_anchor ORDER BY id;

-- name: file_note
INSERT INTO deployment (path, sha256, certificate, noted)
VALUES (:path, :sha256, :certificate, :now)
ON CONFLICT DO UPDATE SET certificate = excluded.certificate,
			  noted = excluded.noted;

-- name: file_ours
SELECT noted FROM deployment WHERE path = :path AND sha256 = :sha256;

-- name: files_of
SELECT DISTINCT path FROM deployment WHERE certificate = :certificate
 ORDER BY path;

-- name: file_of
SELECT certificate FROM deployment WHERE path = :path AND sha256 = :sha256;

-- A path is of the certificate that was last written to it (the other columns
-- are of the row that has the maximum).
-- name: files_of_live
SELECT d.path, d.certificate, d.noted
  FROM (SELECT path, certificate, max(noted) AS noted FROM deployment
	 GROUP BY path) AS d
  JOIN certificate AS c ON c.id = d.certificate
 WHERE NOT c.is_ca AND c.not_after >= :now
 ORDER BY d.path;

-- name: manifest_add
INSERT INTO manifest (name) VALUES (:manifest) ON CONFLICT DO NOTHING;

-- name: managed
SELECT m.id, m.name, m.certificate, m.life, m.request,
       lower(hex(c.serial)) AS serial, c.not_before, c.not_after, c.policy,
       c.key_algorithm, c.key_sha256,
       (SELECT label FROM authority WHERE id = c.authority) AS authority,
       (SELECT group_concat(form || ':' || text, ' ')
	  FROM (SELECT form, text FROM name
		 WHERE certificate = c.id AND form <> 'commonName'
		 ORDER BY position)) AS names,
       r.revoked, r.reason
  FROM managed AS m
  JOIN certificate AS c ON c.id = m.certificate
  LEFT JOIN revocation AS r ON r.issuer = c.issuer AND r.serial = c.serial
 WHERE m.manifest = (SELECT id FROM manifest WHERE name = :manifest)
 ORDER BY m.name;

-- name: managed_add
INSERT INTO managed (manifest, name, certificate, life, request)
VALUES ((SELECT id FROM manifest WHERE name = :manifest), :name, :certificate,
	:life, :request)
ON CONFLICT DO UPDATE SET certificate = excluded.certificate,
			  life = excluded.life, request = excluded.request;

-- name: managed_remove
DELETE FROM managed
 WHERE manifest = (SELECT id FROM manifest WHERE name = :manifest)
   AND name = :name;

-- name: managed_files
SELECT f.path, m.name, f.role, f.certificate, f.sha256, f.mode, f.uid, f.gid,
       f.settled
  FROM managed_file AS f JOIN managed AS m ON m.id = f.managed
 WHERE m.manifest = (SELECT id FROM manifest WHERE name = :manifest)
 ORDER BY m.name, f.path;

-- name: managed_paths
SELECT f.path
  FROM managed AS m JOIN managed_file AS f ON f.managed = m.id
 WHERE m.manifest = (SELECT id FROM manifest WHERE name = :manifest)
 ORDER BY m.name, f.path;

-- name: managed_file_owner
SELECT x.name AS manifest, m.name
  FROM managed_file AS f
  JOIN managed AS m ON m.id = f.managed
  JOIN manifest AS x ON x.id = m.manifest
 WHERE f.path = :path;

-- name: managed_file_add
INSERT INTO managed_file (path, managed, role, certificate, sha256, mode, uid,
			  gid, settled)
VALUES (:path,
	(SELECT id FROM managed
	  WHERE manifest = (SELECT id FROM manifest WHERE name = :manifest)
	    AND name = :name),
	:role, :certificate, :sha256, :mode, :uid, :gid, :settled)
ON CONFLICT DO UPDATE SET managed = excluded.managed, role = excluded.role,
			  certificate = excluded.certificate,
			  sha256 = excluded.sha256, mode = excluded.mode,
			  uid = excluded.uid, gid = excluded.gid,
			  settled = excluded.settled;

-- name: managed_file_settle
UPDATE managed_file SET settled = 1 WHERE path = :path;

-- name: managed_file_remove
DELETE FROM managed_file WHERE path = :path;

-- name: managed_authority
SELECT asked FROM managed_authority WHERE label = :label;

-- name: managed_authority_add
INSERT INTO managed_authority (label, asked) VALUES (:label, :asked)
ON CONFLICT DO UPDATE SET asked = excluded.asked;

-- name: certificate_der
SELECT der FROM certificate_der WHERE certificate = :certificate;
