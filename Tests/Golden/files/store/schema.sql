PRAGMA application_id = 1112425554;
PRAGMA user_version = 1;
PRAGMA encoding = UTF-8;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE (ABORT, 'events are only appended'); END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE (ABORT, 'events are only appended'); END;
CREATE TRIGGER packed_goes AFTER DELETE ON artifact BEGIN
    DELETE FROM packed WHERE name = OLD.name AND version = OLD.version;
END;
CREATE TABLE archive (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    format TEXT NOT NULL,
    problem TEXT,
    rules INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE archive_member (
    archive BLOB NOT NULL REFERENCES archive (digest) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    path BLOB NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    size INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    PRIMARY KEY (archive, number)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE attestation (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    predicate_type TEXT NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 32),
    payload BLOB NOT NULL CHECK (length(payload) = 32),
    bundle BLOB NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    UNIQUE (payload, key)
) STRICT;
CREATE TABLE attestation_subject (
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    attestation INTEGER NOT NULL REFERENCES attestation (id) ON DELETE CASCADE,
    PRIMARY KEY (digest, attestation)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE blob_file (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    changed INTEGER NOT NULL
, checked_at INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE compatibility (reader INTEGER NOT NULL) STRICT;
CREATE TABLE draft (
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
    PRIMARY KEY (name, version, platform, file)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE foreign_program (
    digest BLOB NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    build_id BLOB,
    text_digest BLOB,
    go_package TEXT,
    facts TEXT NOT NULL,
    PRIMARY KEY (digest, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
CREATE TABLE image (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
    media_type TEXT NOT NULL,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE image_artifact (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    PRIMARY KEY (image, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE image_blob (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    digest BLOB NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (image, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE image_tag (
    reference TEXT PRIMARY KEY NOT NULL,
    image BLOB NOT NULL REFERENCES image (digest),
    moved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE layer (
    recipe BLOB PRIMARY KEY NOT NULL CHECK (length(recipe) = 32),
    digest BLOB NOT NULL REFERENCES blob (digest),
    diff_id BLOB NOT NULL CHECK (length(diff_id) = 32)
) STRICT, WITHOUT ROWID;
CREATE TABLE lease (
    id TEXT PRIMARY KEY NOT NULL,
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL
, file TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE lease_blob (
    lease TEXT NOT NULL REFERENCES lease (id) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    PRIMARY KEY (lease, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE log_checkpoint (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL CHECK (length(root) = 32),
    note BLOB NOT NULL,
    signed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE log_hash (
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE log_tree (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    roots BLOB NOT NULL
) STRICT;
CREATE TABLE module (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    ecosystem TEXT NOT NULL,
    version TEXT NOT NULL,
    source TEXT NOT NULL,
    UNIQUE (name, ecosystem, version, source)
) STRICT;
CREATE TABLE module_reading (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    rules INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE other_digest (
    name TEXT PRIMARY KEY NOT NULL,
    digest BLOB NOT NULL REFERENCES blob (digest) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE packed (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    file_name TEXT NOT NULL,
    platform TEXT NOT NULL,
    digest BLOB NOT NULL REFERENCES blob (digest),
    recipe TEXT NOT NULL,
    packed_at INTEGER NOT NULL,
    packed_by TEXT NOT NULL,
    PRIMARY KEY (name, version, file_name)
) STRICT, WITHOUT ROWID;
CREATE TABLE pin (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
    reason TEXT,
    pinned_at INTEGER NOT NULL,
    pinned_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE program_module (
    digest BLOB NOT NULL REFERENCES module_reading (digest) ON DELETE CASCADE,
    module INTEGER NOT NULL REFERENCES module (id),
    PRIMARY KEY (digest, module)
) STRICT, WITHOUT ROWID;
CREATE TABLE provenance (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    predicate_type TEXT NOT NULL,
    key BLOB CHECK (length(key) = 32),
    document BLOB NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL
) STRICT;
CREATE TABLE provenance_subject (
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    provenance INTEGER NOT NULL REFERENCES provenance (id) ON DELETE CASCADE,
    PRIMARY KEY (digest, provenance)
) STRICT, WITHOUT ROWID;
CREATE TABLE published (
    subject TEXT NOT NULL,
    place TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    files TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    state TEXT,
    checked_at INTEGER,
    PRIMARY KEY (subject, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE referrer (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
    subject BLOB NOT NULL CHECK (length(subject) = 32),
    media_type TEXT NOT NULL,
    artifact_type TEXT,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE referrer_blob (
    referrer BLOB NOT NULL REFERENCES referrer (digest) ON DELETE CASCADE,
    digest BLOB NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (referrer, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE repository_blob (
    repository TEXT NOT NULL,
    digest BLOB NOT NULL REFERENCES blob (digest),
    pushed_at INTEGER NOT NULL,
    PRIMARY KEY (repository, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE repository_manifest (
    repository TEXT NOT NULL,
    digest BLOB NOT NULL REFERENCES image (digest),
    name TEXT,
    subject TEXT,
    pushed_at INTEGER NOT NULL,
    PRIMARY KEY (repository, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE repository_missing (
    repository TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    PRIMARY KEY (repository, digest, image)
) STRICT, WITHOUT ROWID;
CREATE TABLE revocation (
    id INTEGER PRIMARY KEY,
    name TEXT,
    version TEXT,
    digest BLOB CHECK (digest IS NULL OR length(digest) = 32),
    level TEXT NOT NULL,
    reason TEXT NOT NULL,
    advisory TEXT,
    key BLOB CHECK (key IS NULL OR length(key) = 32),
    statement BLOB,
    revoked_at INTEGER NOT NULL,
    revoked_by TEXT NOT NULL,
    CHECK ((digest IS NULL) <> (name IS NULL) AND (name IS NULL) = (version IS NULL)),
    CHECK ((key IS NULL) = (statement IS NULL))
) STRICT;
CREATE TABLE rule (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE scrub (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    started_at INTEGER NOT NULL,
    position BLOB NOT NULL,
    suspects TEXT NOT NULL
) STRICT;
CREATE TABLE sealed_file (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    platform TEXT NOT NULL,
    file TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    file_name TEXT NOT NULL,
    mode INTEGER NOT NULL,
    annotations TEXT NOT NULL,
    PRIMARY KEY (name, version, platform, file),
    FOREIGN KEY (name, version) REFERENCES sealed_release (name, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE sealed_release (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    sealed_at INTEGER NOT NULL,
    sealed_by TEXT NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE seen_checkpoint (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    note BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (origin, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE token (
    hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    name TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE "tombstone" (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    platform TEXT NOT NULL,
    file TEXT NOT NULL,
    digest BLOB NOT NULL,
    removed_at INTEGER NOT NULL,
    removed_by TEXT NOT NULL,
    reason TEXT, harmless INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (name, version, platform, file)
) STRICT, WITHOUT ROWID;
CREATE TABLE trusted_key (
    identifier BLOB PRIMARY KEY NOT NULL CHECK (length(identifier) = 32),
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    public_key BLOB NOT NULL,
    scope TEXT NOT NULL,
    valid_from INTEGER,
    valid_until INTEGER,
    trusted_at INTEGER NOT NULL,
    trusted_by TEXT NOT NULL,
    revoked_at INTEGER,
    revoked_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE upkeep (
    kind TEXT PRIMARY KEY NOT NULL,
    finished_at INTEGER NOT NULL,
    faults INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_member_digest ON archive_member (digest);
CREATE INDEX artifact_digest ON artifact (digest);
CREATE INDEX artifact_file_name ON artifact (file_name, name);
CREATE INDEX attestation_subject_attestation ON attestation_subject (attestation);
CREATE INDEX audit_file_manifest ON audit_file (manifest);
CREATE INDEX audit_hidden_manifest ON audit_hidden (manifest);
CREATE INDEX audit_image ON audit (image);
CREATE INDEX audit_part_audit ON audit_part (audit);
CREATE INDEX audit_program_build_id ON audit_program (build_id) WHERE build_id IS NOT NULL;
CREATE INDEX audit_program_go_package ON audit_program (go_package) WHERE go_package IS NOT NULL;
CREATE INDEX audit_program_text_digest ON audit_program (text_digest) WHERE text_digest IS NOT NULL;
CREATE INDEX draft_digest ON draft (digest);
CREATE INDEX elf_build_id ON elf (build_id) WHERE build_id IS NOT NULL;
CREATE INDEX elf_go_package ON elf (json_extract(facts, '$.elf.goBuildInfo.packagePath'))
    WHERE json_extract(facts, '$.elf.goBuildInfo.packagePath') <> '';
CREATE INDEX elf_text_digest ON elf (text_digest) WHERE text_digest IS NOT NULL;
CREATE INDEX foreign_program_build_id ON foreign_program (build_id) WHERE build_id IS NOT NULL;
CREATE INDEX foreign_program_go_package ON foreign_program (go_package) WHERE go_package IS NOT NULL;
CREATE INDEX foreign_program_text_digest ON foreign_program (text_digest) WHERE text_digest IS NOT NULL;
CREATE INDEX image_artifact_digest ON image_artifact (digest);
CREATE INDEX image_blob_digest ON image_blob (digest);
CREATE INDEX image_tag_image ON image_tag (image);
CREATE INDEX layer_digest ON layer (digest);
CREATE INDEX lease_blob_digest ON lease_blob (digest);
CREATE INDEX other_digest_digest ON other_digest (digest);
CREATE INDEX packed_digest ON packed (digest);
CREATE INDEX program_module_module ON program_module (module);
CREATE INDEX provenance_subject_provenance ON provenance_subject (provenance);
CREATE INDEX referrer_blob_digest ON referrer_blob (digest);
CREATE INDEX referrer_subject ON referrer (subject);
CREATE INDEX repository_blob_digest ON repository_blob (digest);
CREATE INDEX repository_manifest_digest ON repository_manifest (digest);
CREATE INDEX repository_manifest_subject ON repository_manifest (repository, subject) WHERE subject IS NOT NULL;
CREATE INDEX repository_missing_image ON repository_missing (image);
CREATE INDEX revocation_digest ON revocation (digest) WHERE digest IS NOT NULL;
CREATE INDEX revocation_release ON revocation (name, version);
CREATE INDEX sealed_release_digest ON sealed_release (digest);
CREATE INDEX tombstone_digest ON tombstone (digest);
