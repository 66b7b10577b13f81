-- The statements of those who keep a home: the audit log and its seals, backup,
-- rollover, doctor.

-- name: audit_last
SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1;

-- name: audit_add
INSERT INTO audit (number, at, actor, action, object, detail, rows, hash)
VALUES (:number, :at, :actor, :action, :object, :detail, :rows, :hash);

-- name: audit_recent
SELECT * FROM (

-- name: audit_entries
SELECT number, at, actor, action, object, detail, lower(hex(hash)) AS hash
  FROM audit
 WHERE (:action IS NULL OR action = :action)
   AND (:object IS NULL OR object = :object)
   AND at BETWEEN :since AND :until
 ORDER BY number

-- name: audit_latest
 DESC LIMIT :last) ORDER BY number;

-- name: audit_at
SELECT action, object, lower(hex(hash)) AS hash
  FROM audit WHERE number = :number;

-- Rows as the audit log seals them: every column that is not derived from
-- another one, references by what they name.  `object` is for people.

-- name: seal_certificate
SELECT 'certificate' AS "table", lower(hex(c.serial)) AS object, c.id,
       c.serial, (SELECT name FROM issuer WHERE id = c.issuer) AS issuer,
       (SELECT label FROM authority WHERE id = c.authority) AS authority,
       c.origin, c.recorded, c.policy,
       (SELECT serial FROM certificate WHERE id = c.renews) AS renews,
       (SELECT group_concat(text, ' ')
	  FROM (SELECT text FROM label
		 WHERE certificate = c.id ORDER BY text)) AS labels,
       c.sha256
  FROM certificate AS c

-- name: only_certificate
 WHERE c.id = :id

-- name: seal_authority
SELECT 'authority' AS "table", a.label AS object, a.label, a.kind,
       (SELECT label FROM authority WHERE id = a.parent) AS parent, a.key,
       (SELECT sha256 FROM certificate WHERE id = a.certificate) AS sha256,
       a.created
  FROM authority AS a

-- name: only_authority
 WHERE a.label = :label

-- name: seal_revocation
SELECT 'revocation' AS "table", lower(hex(r.serial)) AS object,
       (SELECT name FROM issuer WHERE id = r.issuer) AS issuer, r.serial,
       r.revoked, r.reason, r.invalid_since
  FROM revocation AS r

-- name: only_revocation
 WHERE r.issuer = (SELECT id FROM issuer WHERE name = :issuer)
   AND r.serial = :serial

-- name: seal_crl
SELECT 'crl' AS "table", l.number AS object,
       (SELECT label FROM authority WHERE id = l.authority) AS authority,
       l.number, l.this_update, l.next_update, l.entries, l.recorded,
       l.sha256
  FROM crl AS l

-- name: only_crl
 WHERE l.authority = (SELECT id FROM authority WHERE label = :authority)
   AND l.number = :number

-- name: seal_trust_anchor
SELECT 'trust_anchor' AS "table", lower(hex(t.sha256)) AS object, t.sha256,
       t.subject, t.origin, t.not_after, t.added
  FROM trust_anchor AS t

-- name: only_trust_anchor
 WHERE t.sha256 = :sha256

-- A backup is a store with one table more: the files that go with it.

-- name: backup_begin
PRAGMA journal_mode = MEMORY;
CREATE TABLE backup_file (
	path	TEXT PRIMARY KEY,
	bytes	BLOB NOT NULL
) STRICT;

-- name: backup_file_add
INSERT INTO backup_file (path, bytes) VALUES (:path, :bytes);

-- name: backup_files
SELECT path, bytes FROM backup_file ORDER BY path;

-- name: backup_tables
SELECT count(*) FROM sqlite_schema WHERE name = 'backup_file';

-- name: backup_end
PRAGMA journal_mode = MEMORY;
PRAGMA secure_delete = ON;
DROP TABLE backup_file;

-- name: backup_count
SELECT (SELECT count(*) FROM certificate) AS certificates,
       (SELECT count(*) FROM authority) AS authorities,
       (SELECT count(*) FROM revocation) AS revocations,
       (SELECT count(*) FROM trust_anchor) AS anchors;

-- name: authority_certificate
SELECT certificate FROM authority WHERE label = :label;

-- name: authority_move
UPDATE authority SET certificate = :certificate, parent = :parent
 WHERE id = :id;

-- name: der_get
SELECT der FROM certificate_der WHERE certificate = :id;

-- name: rollovers
SELECT r.id, (SELECT label FROM authority WHERE id = r.old) AS old,
       (SELECT label FROM authority WHERE id = r.new) AS new,
       r.old_certificate, r.new_certificate, r.old_by_new, r.new_by_old,
       r.started, r.crossed, r.switched, r.finished
  FROM rollover AS r ORDER BY r.id;

-- name: rollover_put
INSERT INTO rollover (id, old, new, old_certificate, new_certificate,
		      old_by_new, new_by_old, started, crossed, switched,
		      finished)
VALUES (:id, (SELECT id FROM authority WHERE label = :old),
	(SELECT id FROM authority WHERE label = :new), :old_certificate,
	:new_certificate, :old_by_new, :new_by_old, :started, :crossed,
	:switched, :finished)
ON CONFLICT (id) DO UPDATE
   SET old_by_new = excluded.old_by_new, new_by_old = excluded.new_by_old,
       crossed = excluded.crossed, switched = excluded.switched,
       finished = excluded.finished;

-- name: seal_rollover
SELECT 'rollover' AS "table",
       (SELECT label FROM authority WHERE id = r.new) AS object, r.id,
       (SELECT label FROM authority WHERE id = r.old) AS old,
       (SELECT sha256 FROM certificate WHERE id = r.old_certificate) AS a,
       (SELECT sha256 FROM certificate WHERE id = r.new_certificate) AS b,
       (SELECT sha256 FROM certificate WHERE id = r.old_by_new) AS c,
       (SELECT sha256 FROM certificate WHERE id = r.new_by_old) AS d,
       r.started, r.crossed, r.switched, r.finished
  FROM rollover AS r

-- name: only_rollover
 WHERE r.id = :id

-- Of those that an authority issued, those that only it vouches for: not what
-- takes part in the rollover, nor what another certificate of the same name
-- and key stands in for.
-- name: with_dependents
   AND c.id NOT IN (SELECT old_certificate FROM rollover WHERE id = :rollover
	UNION SELECT new_certificate FROM rollover WHERE id = :rollover
	UNION SELECT coalesce(old_by_new, 0) FROM rollover WHERE id = :rollover
	UNION SELECT coalesce(new_by_old, 0) FROM rollover WHERE id = :rollover)
   AND NOT EXISTS (SELECT 1 FROM authority AS a
		     JOIN certificate AS n ON n.id = a.certificate
		    WHERE n.id <> c.id AND n.key_sha256 = c.key_sha256
		      AND n.subject = c.subject)

-- name: certificate_known
SELECT id FROM certificate
 WHERE substr(sha256, 1, 4) = :head AND sha256 = :sha256;

-- name: audit_rows
SELECT number, rows FROM audit WHERE length(rows) > 0 ORDER BY number;

-- name: check_pages
SELECT integrity_check AS text FROM pragma_integrity_check;

-- name: check_references
SELECT "table" AS child, rowid AS row, parent
  FROM pragma_foreign_key_check LIMIT 100;

-- name: certificates_whole
SELECT c.id, lower(hex(c.serial)) AS serial, d.der
  FROM certificate AS c
  LEFT JOIN certificate_der AS d ON d.certificate = c.id ORDER BY c.id;

-- name: certificate_agrees
SELECT serial IS :serial AS serial,
       (SELECT name FROM issuer WHERE id = c.issuer) IS :issuer AS issuer,
       subject IS :subject AS subject, is_ca IS :is_ca AS is_ca,
       not_before IS :not_before AS not_before,
       not_after IS :not_after AS not_after,
       key_algorithm IS :key_algorithm AS key_algorithm,
       key_sha256 IS :key_sha256 AS key_sha256, sha256 IS :sha256 AS sha256
  FROM certificate AS c WHERE c.id = :id;

-- name: name_agrees
SELECT 1 FROM name
 WHERE certificate = :certificate AND position = :position
   AND form = :form AND text = :text COLLATE BINARY
   AND reversed = :reversed COLLATE BINARY;

-- name: name_count
SELECT count(*) AS count FROM name WHERE certificate = :certificate;

-- name: audit_all
SELECT number, at, actor, action, object, detail, rows,
       lower(hex(hash)) AS hash
  FROM audit ORDER BY number;
