-- The index of a store that a program with nine migrations made: a release of several files, a removed one, an image with
-- its name, pins. Never to be changed.
PRAGMA application_id = 1112425554;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE "artifact" (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    platform TEXT NOT NULL,
    file TEXT NOT NULL,
    digest BLOB NOT NULL REFERENCES blob (digest),
    file_name TEXT NOT NULL,
    mode INTEGER NOT NULL,
    put_at INTEGER NOT NULL,
    put_by TEXT NOT NULL,
    annotations TEXT NOT NULL,
    UNIQUE (name, version, platform, file)
) STRICT;
INSERT INTO "artifact" VALUES(1,'team/agent','1.0.0','linux/amd64','agent',X'2A9397E2507B844E22D730C5023A4186028B4C051D344861A4002AB9B749D81B','agent',420,1795824903303,'ci@build-7','{}');
INSERT INTO "artifact" VALUES(2,'team/agent','1.0.0','any','agent',X'29DCB6DF0A5B13EC38426825BAF699670CB3DA83E4A7EE43D9D609A8D7D103F2','agent.conf',420,1795824903372,'ci@build-7','{}');
INSERT INTO "artifact" VALUES(3,'team/agent','1.0.0','linux/amd64','docker/entrypoint.sh',X'91B8CD1484365F6A3203882065665B9169E6B07157D82CE58AD7C7BA7ADF490E','entrypoint.sh',493,1795824903504,'ci@build-7','{}');
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    image BLOB NOT NULL CHECK (length(image) = 32),
    reference TEXT NOT NULL,
    verdict TEXT,
    report TEXT NOT NULL,
    audited_at INTEGER NOT NULL,
    audited_by TEXT NOT NULL,
    event INTEGER NOT NULL
, basis TEXT, again_at INTEGER, again_event INTEGER, rules INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE audit_content (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32)
) STRICT;
CREATE TABLE audit_facts (
    manifest INTEGER PRIMARY KEY REFERENCES audit_manifest (id),
    diff_ids BLOB NOT NULL CHECK (length(diff_ids) % 32 = 0),
    facts TEXT NOT NULL
, rules INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE audit_file (
    content INTEGER NOT NULL REFERENCES audit_content (id),
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    path BLOB NOT NULL,
    size INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    layer INTEGER NOT NULL,
    PRIMARY KEY (content, manifest, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_hidden (
    content INTEGER NOT NULL REFERENCES audit_content (id),
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    number INTEGER NOT NULL,
    path BLOB NOT NULL,
    layer INTEGER NOT NULL,
    hidden_by INTEGER NOT NULL,
    PRIMARY KEY (content, manifest, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_likeness (
    artifact BLOB NOT NULL CHECK (length(artifact) = 32),
    content INTEGER NOT NULL REFERENCES audit_content (id),
    thousandths INTEGER NOT NULL,
    PRIMARY KEY (artifact, content)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_manifest (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    config BLOB NOT NULL CHECK (length(config) = 32),
    platform TEXT NOT NULL
) STRICT;
CREATE TABLE audit_name (
    name BLOB NOT NULL,
    content INTEGER NOT NULL REFERENCES audit_content (id),
    PRIMARY KEY (name, content)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_part (
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    audit INTEGER NOT NULL REFERENCES audit (id),
    verdict TEXT,
    PRIMARY KEY (manifest, audit)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_program (
    content INTEGER PRIMARY KEY REFERENCES audit_content (id),
    build_id BLOB,
    text_digest BLOB,
    go_package TEXT,
    facts TEXT NOT NULL
) STRICT;
CREATE TABLE base (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    manifest BLOB NOT NULL CHECK (length(manifest) = 32),
    diff_ids BLOB NOT NULL CHECK (length(diff_ids) > 0 AND length(diff_ids) % 32 = 0),
    marked_at INTEGER NOT NULL,
    marked_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (image, manifest)
) STRICT, WITHOUT ROWID;
CREATE TABLE blob (
    digest BLOB PRIMARY KEY NOT NULL CHECK (length(digest) = 32),
    size INTEGER NOT NULL CHECK (size >= 0),
    added_at INTEGER NOT NULL
, unnamed_at INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO "blob" VALUES(X'29DCB6DF0A5B13EC38426825BAF699670CB3DA83E4A7EE43D9D609A8D7D103F2',39,1795824903372,1795824903599);
INSERT INTO "blob" VALUES(X'2A9397E2507B844E22D730C5023A4186028B4C051D344861A4002AB9B749D81B',21,1795824903303,NULL);
INSERT INTO "blob" VALUES(X'43910A9B546FD1D9399A0BB1E2BEA1707BC92B1640E2B45C1AC59DC3575D03B9',112,1795824903818,NULL);
INSERT INTO "blob" VALUES(X'4FE9A320371798392BF6E224A9C3FEDAFB828066E37CCFDD13C8F751AA910176',289,1795824903818,NULL);
INSERT INTO "blob" VALUES(X'91B8CD1484365F6A3203882065665B9169E6B07157D82CE58AD7C7BA7ADF490E',26,1795824903504,NULL);
INSERT INTO "blob" VALUES(X'AA03C9081E6DA67453661306EAB2580C93F19E6CC62A8DD0E7D04504916C103A',738,1795824903818,NULL);
INSERT INTO "blob" VALUES(X'F3DF027F2CD9C26BE1E47938DF3ECC1B3FE4D9C2F6A7F545C3B081BF7B0469F7',536,1795824903818,NULL);
CREATE TABLE blob_file (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    changed INTEGER NOT NULL
, checked_at INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE compatibility (reader INTEGER NOT NULL) STRICT;
INSERT INTO "compatibility" VALUES(9);
CREATE TABLE elf (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    build_id BLOB,
    text_digest BLOB,
    facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
    sequence INTEGER PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;
INSERT INTO "event" VALUES(1,'{"annotations":{},"at":"2026-11-28T00:15:03.303Z","by":"ci@build-7","digest":"sha256:2a9397e2507b844e22d730c5023a4186028b4c051d344861a4002ab9b749d81b","file":"agent","fileName":"agent","mode":"0644","name":"team/agent","platform":"linux/amd64","size":21,"version":"1.0.0","what":"put"}');
INSERT INTO "event" VALUES(2,'{"annotations":{},"at":"2026-11-28T00:15:03.372Z","by":"ci@build-7","digest":"sha256:29dcb6df0a5b13ec38426825baf699670cb3da83e4a7ee43d9d609a8d7d103f2","file":"agent","fileName":"agent.conf","mode":"0644","name":"team/agent","platform":"any","size":39,"version":"1.0.0","what":"put"}');
INSERT INTO "event" VALUES(3,'{"annotations":{},"at":"2026-11-28T00:15:03.504Z","by":"ci@build-7","digest":"sha256:91b8cd1484365f6a3203882065665b9169e6b07157d82ce58ad7c7ba7adf490e","file":"docker/entrypoint.sh","fileName":"entrypoint.sh","mode":"0755","name":"team/agent","platform":"linux/amd64","size":26,"version":"1.0.0","what":"put"}');
INSERT INTO "event" VALUES(4,'{"annotations":{},"at":"2026-11-28T00:15:03.554Z","by":"ci@build-7","digest":"sha256:29dcb6df0a5b13ec38426825baf699670cb3da83e4a7ee43d9d609a8d7d103f2","file":"agent","fileName":"agent.conf","mode":"0644","name":"team/agent","platform":"any","size":39,"version":"0.9","what":"put"}');
INSERT INTO "event" VALUES(5,'{"at":"2026-11-28T00:15:03.599Z","by":"ci@build-7","digest":"sha256:29dcb6df0a5b13ec38426825baf699670cb3da83e4a7ee43d9d609a8d7d103f2","file":"agent","name":"team/agent","platform":"any","reason":"old","version":"0.9","what":"remove"}');
INSERT INTO "event" VALUES(6,'{"at":"2026-11-28T00:15:03.818Z","by":"ci@build-7","digest":"sha256:4fe9a320371798392bf6e224a9c3fedafb828066e37ccfdd13c8f751aa910176","what":"image"}');
INSERT INTO "event" VALUES(7,'{"at":"2026-11-28T00:15:03.818Z","by":"ci@build-7","digest":"sha256:4fe9a320371798392bf6e224a9c3fedafb828066e37ccfdd13c8f751aa910176","tag":"local/agent:1","what":"image"}');
INSERT INTO "event" VALUES(8,'{"at":"2026-11-28T00:15:03.905Z","by":"ci@build-7","digest":"sha256:29dcb6df0a5b13ec38426825baf699670cb3da83e4a7ee43d9d609a8d7d103f2","what":"pin"}');
INSERT INTO "event" VALUES(9,'{"at":"2026-11-28T00:15:03.905Z","by":"ci@build-7","digest":"sha256:2a9397e2507b844e22d730c5023a4186028b4c051d344861a4002ab9b749d81b","what":"pin"}');
INSERT INTO "event" VALUES(10,'{"at":"2026-11-28T00:15:03.905Z","by":"ci@build-7","digest":"sha256:91b8cd1484365f6a3203882065665b9169e6b07157d82ce58ad7c7ba7adf490e","what":"pin"}');
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 artifacts');
INSERT INTO "grdb_migrations" VALUES('2 audits');
INSERT INTO "grdb_migrations" VALUES('3 retention');
INSERT INTO "grdb_migrations" VALUES('4 images');
INSERT INTO "grdb_migrations" VALUES('5 trust');
INSERT INTO "grdb_migrations" VALUES('6 evidence');
INSERT INTO "grdb_migrations" VALUES('7 trust ages');
INSERT INTO "grdb_migrations" VALUES('8 records');
INSERT INTO "grdb_migrations" VALUES('9 files');
CREATE TABLE image (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
    media_type TEXT NOT NULL,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "image" VALUES(X'4FE9A320371798392BF6E224A9C3FEDAFB828066E37CCFDD13C8F751AA910176','application/vnd.oci.image.index.v1+json',1795824903818);
CREATE TABLE image_artifact (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    PRIMARY KEY (image, digest)
) STRICT, WITHOUT ROWID;
INSERT INTO "image_artifact" VALUES(X'4FE9A320371798392BF6E224A9C3FEDAFB828066E37CCFDD13C8F751AA910176',X'2A9397E2507B844E22D730C5023A4186028B4C051D344861A4002AB9B749D81B');
CREATE TABLE image_blob (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    digest BLOB NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (image, digest)
) STRICT, WITHOUT ROWID;
INSERT INTO "image_blob" VALUES(X'4FE9A320371798392BF6E224A9C3FEDAFB828066E37CCFDD13C8F751AA910176',X'43910A9B546FD1D9399A0BB1E2BEA1707BC92B1640E2B45C1AC59DC3575D03B9');
INSERT INTO "image_blob" VALUES(X'4FE9A320371798392BF6E224A9C3FEDAFB828066E37CCFDD13C8F751AA910176',X'4FE9A320371798392BF6E224A9C3FEDAFB828066E37CCFDD13C8F751AA910176');
INSERT INTO "image_blob" VALUES(X'4FE9A320371798392BF6E224A9C3FEDAFB828066E37CCFDD13C8F751AA910176',X'AA03C9081E6DA67453661306EAB2580C93F19E6CC62A8DD0E7D04504916C103A');
INSERT INTO "image_blob" VALUES(X'4FE9A320371798392BF6E224A9C3FEDAFB828066E37CCFDD13C8F751AA910176',X'F3DF027F2CD9C26BE1E47938DF3ECC1B3FE4D9C2F6A7F545C3B081BF7B0469F7');
CREATE TABLE image_tag (
    reference TEXT PRIMARY KEY NOT NULL,
    image BLOB NOT NULL REFERENCES image (digest),
    moved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "image_tag" VALUES('local/agent:1',X'4FE9A320371798392BF6E224A9C3FEDAFB828066E37CCFDD13C8F751AA910176',1795824903818);
CREATE TABLE layer (
    recipe BLOB PRIMARY KEY NOT NULL CHECK (length(recipe) = 32),
    digest BLOB NOT NULL REFERENCES blob (digest),
    diff_id BLOB NOT NULL CHECK (length(diff_id) = 32)
) STRICT, WITHOUT ROWID;
INSERT INTO "layer" VALUES(X'46BB0911D6774B4F2B7163919B5CD6FE6E4202C709286BF5D1AF079A8FC60CB0',X'43910A9B546FD1D9399A0BB1E2BEA1707BC92B1640E2B45C1AC59DC3575D03B9',X'D3385F431662E621E99A44C2921F21FAB1D58761D4E04666044C456C38103CF0');
CREATE TABLE lease (
    id TEXT PRIMARY KEY NOT NULL,
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE lease_blob (
    lease TEXT NOT NULL REFERENCES lease (id) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    PRIMARY KEY (lease, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE pin (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
    reason TEXT,
    pinned_at INTEGER NOT NULL,
    pinned_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "pin" VALUES(X'29DCB6DF0A5B13EC38426825BAF699670CB3DA83E4A7EE43D9D609A8D7D103F2',NULL,1795824903905,'ci@build-7');
INSERT INTO "pin" VALUES(X'2A9397E2507B844E22D730C5023A4186028B4C051D344861A4002AB9B749D81B',NULL,1795824903905,'ci@build-7');
INSERT INTO "pin" VALUES(X'91B8CD1484365F6A3203882065665B9169E6B07157D82CE58AD7C7BA7ADF490E',NULL,1795824903905,'ci@build-7');
CREATE TABLE scrub (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    started_at INTEGER NOT NULL,
    position BLOB NOT NULL,
    suspects TEXT NOT NULL
) STRICT;
CREATE TABLE "tombstone" (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    platform TEXT NOT NULL,
    file TEXT NOT NULL,
    digest BLOB NOT NULL,
    removed_at INTEGER NOT NULL,
    removed_by TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (name, version, platform, file)
) STRICT, WITHOUT ROWID;
INSERT INTO "tombstone" VALUES('team/agent','0.9','any','agent',X'29DCB6DF0A5B13EC38426825BAF699670CB3DA83E4A7EE43D9D609A8D7D103F2',1795824903599,'ci@build-7','old');
CREATE INDEX elf_build_id ON elf (build_id) WHERE build_id IS NOT NULL;
CREATE INDEX elf_text_digest ON elf (text_digest) WHERE text_digest IS NOT NULL;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE (ABORT, 'events are only appended'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE (ABORT, 'events are only appended'); END;
CREATE INDEX lease_blob_digest ON lease_blob (digest);
CREATE INDEX audit_image ON audit (image);
CREATE INDEX audit_file_manifest ON audit_file (manifest);
CREATE INDEX image_blob_digest ON image_blob (digest);
CREATE INDEX image_artifact_digest ON image_artifact (digest);
CREATE INDEX image_tag_image ON image_tag (image);
CREATE INDEX layer_digest ON layer (digest);
CREATE INDEX audit_part_audit ON audit_part (audit);
CREATE INDEX elf_go_package ON elf (json_extract(facts, '$.elf.goBuildInfo.packagePath'))
    WHERE json_extract(facts, '$.elf.goBuildInfo.packagePath') <> '';
CREATE INDEX audit_hidden_manifest ON audit_hidden (manifest);
CREATE INDEX audit_program_build_id ON audit_program (build_id) WHERE build_id IS NOT NULL;
CREATE INDEX audit_program_text_digest ON audit_program (text_digest) WHERE text_digest IS NOT NULL;
CREATE INDEX audit_program_go_package ON audit_program (go_package) WHERE go_package IS NOT NULL;
CREATE INDEX artifact_digest ON artifact (digest);
CREATE INDEX artifact_file_name ON artifact (file_name, name);
CREATE INDEX tombstone_digest ON tombstone (digest);
COMMIT;
