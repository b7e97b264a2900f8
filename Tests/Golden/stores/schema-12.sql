-- The index of a store that a program with twelve migrations made: releases of a program and of a file with a path, a removed
-- one, an image with its name, a pin. Never to be changed.
PRAGMA application_id = 1112425554;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('1 artifacts');
INSERT INTO grdb_migrations VALUES('2 audits');
INSERT INTO grdb_migrations VALUES('3 retention');
INSERT INTO grdb_migrations VALUES('4 images');
INSERT INTO grdb_migrations VALUES('5 trust');
INSERT INTO grdb_migrations VALUES('6 evidence');
INSERT INTO grdb_migrations VALUES('7 trust ages');
INSERT INTO grdb_migrations VALUES('8 records');
INSERT INTO grdb_migrations VALUES('9 files');
INSERT INTO grdb_migrations VALUES('10 proofs');
INSERT INTO grdb_migrations VALUES('11 log');
INSERT INTO grdb_migrations VALUES('12 archives');
CREATE TABLE blob (
    digest BLOB PRIMARY KEY NOT NULL CHECK (length(digest) = 32),
    size INTEGER NOT NULL CHECK (size >= 0),
    added_at INTEGER NOT NULL
, unnamed_at INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO blob VALUES(X'08935e6c0deaec7915fd4b0cabe557841a729cd17146107607e80748e4287cef',14362,1795829790211,NULL);
INSERT INTO blob VALUES(X'1e63248b64d034d545e715e83a8e5d5c216aa948176485759ccf75fdd8652a0a',743,1795829790211,NULL);
INSERT INTO blob VALUES(X'49834f4d742cb41ef983f3fabeabe23b348a570d3e4838518855a33ef1a2dd02',536,1795829790211,NULL);
INSERT INTO blob VALUES(X'5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',6,1795829789963,NULL);
INSERT INTO blob VALUES(X'8d0d4c8a1e6ab75ae2f81abf1e1e66ce1ab7be53c7b8f245a41907fc45b3a801',5,1795829790041,1795829790104);
INSERT INTO blob VALUES(X'9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd',289,1795829790211,NULL);
INSERT INTO blob VALUES(X'c79bf44242829108e323378531f4ac839513ca1fba45efd6583643526e1e9fd2',35664,1795829789790,NULL);
CREATE TABLE elf (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    build_id BLOB,
    text_digest BLOB,
    facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO elf VALUES(X'c79bf44242829108e323378531f4ac839513ca1fba45efd6583643526e1e9fd2',X'c89156ebdabf859f4ee70cb0c303004dccf1ae51',X'ed57665d00882ceda2e3af718560c7a764099f04da9a5d516547f839d70bf13d','{"elf":{"buildID":"c89156ebdabf859f4ee70cb0c303004dccf1ae51","elfClass":64,"endianness":"little","hasExecutableStack":false,"interpreter":"/lib64/ld-linux-x86-64.so.2","isStripped":true,"linkage":"dynamic","machine":"x86-64","needed":["libc.so.6"],"sections":[{"address":"0x318","flags":2,"name":".interp","offset":792,"size":28,"type":"PROGBITS"},{"address":"0x338","flags":2,"name":".note.gnu.property","offset":824,"size":32,"type":"NOTE"},{"address":"0x358","flags":2,"name":".note.gnu.build-id","offset":856,"size":36,"type":"NOTE"},{"address":"0x37c","flags":2,"name":".note.ABI-tag","offset":892,"size":32,"type":"NOTE"},{"address":"0x3a0","flags":2,"name":".gnu.hash","offset":928,"size":64,"type":"GNU_HASH"},{"address":"0x3e0","flags":2,"name":".dynsym","offset":992,"size":1272,"type":"DYNSYM"},{"address":"0x8d8","flags":2,"name":".dynstr","offset":2264,"size":670,"type":"STRTAB"},{"address":"0xb76","flags":2,"name":".gnu.version","offset":2934,"size":106,"type":"VERSYM"},{"address":"0xbe0","flags":2,"name":".gnu.version_r","offset":3040,"size":128,"type":"VERNEED"},{"address":"0xc60","flags":2,"name":".rela.dyn","offset":3168,"size":600,"type":"RELA"},{"address":"0xeb8","flags":66,"name":".rela.plt","offset":3768,"size":984,"type":"RELA"},{"address":"0x2000","flags":6,"name":".init","offset":8192,"size":23,"type":"PROGBITS"},{"address":"0x2020","flags":6,"name":".plt","offset":8224,"size":672,"type":"PROGBITS"},{"address":"0x22c0","flags":6,"name":".plt.got","offset":8896,"size":8,"type":"PROGBITS"},{"address":"0x22d0","flags":6,"name":".text","offset":8912,"size":14974,"type":"PROGBITS"},{"address":"0x5d50","flags":6,"name":".fini","offset":23888,"size":9,"type":"PROGBITS"},{"address":"0x6000","flags":2,"name":".rodata","offset":24576,"size":2830,"type":"PROGBITS"},{"address":"0x6b10","flags":2,"name":".eh_frame_hdr","offset":27408,"size":748,"type":"PROGBITS"},{"address":"0x6e00","flags":2,"name":".eh_frame","offset":28160,"size":3424,"type":"PROGBITS"},{"address":"0x8d70","flags":3,"name":".init_array","offset":32112,"size":8,"type":"INIT_ARRAY"},{"address":"0x8d78","flags":3,"name":".fini_array","offset":32120,"size":8,"type":"FINI_ARRAY"},{"address":"0x8d80","flags":3,"name":".data.rel.ro","offset":32128,"size":88,"type":"PROGBITS"},{"address":"0x8dd8","flags":3,"name":".dynamic","offset":32216,"size":480,"type":"DYNAMIC"},{"address":"0x8fb8","flags":3,"name":".got","offset":32696,"size":40,"type":"PROGBITS"},{"address":"0x8fe8","flags":3,"name":".got.plt","offset":32744,"size":352,"type":"PROGBITS"},{"address":"0x9160","flags":3,"name":".data","offset":33120,"size":128,"type":"PROGBITS"},{"address":"0x91e0","flags":3,"name":".bss","offset":33248,"size":408,"type":"NOBITS"},{"address":"0x0","flags":0,"name":".gnu_debugaltlink","offset":33248,"size":73,"type":"PROGBITS"},{"address":"0x0","flags":0,"name":".gnu_debuglink","offset":33324,"size":52,"type":"PROGBITS"},{"address":"0x0","flags":0,"name":".shstrtab","offset":33376,"size":303,"type":"STRTAB"}],"type":"executable"},"sectionDigests":["sha256:9097c98ea70f6f3b01d50145eb72bf55ad1f4e9713bccf27bd6405d6254eed00","sha256:5978480398fc48bfa6c56246117c5bc1a40145463a2faca541e5e91d5067ff79","sha256:07a3be2bc5b86d082637231c44fe4c99030b9956d209823ab063fc4b71c45464","sha256:6e48317ad93a8ac2dc04321465ede06d1274543fc8ab172e68171a9d684bb313","sha256:934ab97e40aabac2a8a13481d722de0b5a654d112a28f4972eb059893aeaf0df","sha256:b3f934e39e3a1e257fe382d74e53e36ad143a008828014be1f584d9325783b1d","sha256:84be0f60109e695cb4e0c36f62e6f7c1869b1d524c5d6951a306d3327d0e4bed","sha256:7b13a79de65806c7638db1a5d3c9570f7e659c8fb115eb1521783b5c1171417e","sha256:77edc52c1450457627a158757a0379c97359006a036006ef93360daee227ac41","sha256:f5a67d56d74ed2f6057df24456e9938516569e6baa339f62d1d4a3e5dd9b0044","sha256:7a5782f13152b55caae2b890c87aa736ea57787c09de6b8c3340755685d93bb0","sha256:aa7b7eb8444ce78ed790beaec8da80dc1c5214f33fe5f94c3dc799e2e96c2a08","sha256:86c401c0bb3d811166ccfcd2f4b967faa13c7605353dc3de7eac6981ea93570d","sha256:989041a08b1f42f3da008d87252a75e32167234f823361e66fb45320337532f3","sha256:ed57665d00882ceda2e3af718560c7a764099f04da9a5d516547f839d70bf13d","sha256:66e6f54550612182b4ad78f30b140dd08318b968db3878de2db65fef87dc04d7","sha256:b1139278361ae73f766c8c85601214e5d98baac331f5f04559be886b4eb43787","sha256:7867cf0be2936f69a657594b161b87b699623395fb27354c6e75b84eea813a70","sha256:c54fb7a1a59da256eeeaf3a86d277ed9f8898031c41ec22007cca9e232383ea1","sha256:3afa35b1f5dc525c5c5eaeb81c971a35606b65193d53112fd7ff16ca9d39930c","sha256:6bdf6912f8411a52583a4387fd0a095e23dbe0fb2b040dbf46fa598d0617b0e3","sha256:98a1b001f34168a0513542a16268ab3ecfd42b282dc7d32b86543a7600c7f1f5","sha256:bf0c511e736de84d6f76b9a64ff46db3beb34c684ad71136475a7ad40efb6f2b","sha256:2c34ce1df23b838c5abf2a7f6437cca3d3067ed509ff25f11df6b11b582b51eb","sha256:f167bc41302a2755655c69a107b5f55eb01871a00cc7d2645796dd3d4905aaf9","sha256:b965adabe2d6324208fc381cf46bcdf08b6dab8d1ca002a48f0dff39b4c24758",null,"sha256:8d598e1625b1921e9a9e9c76233341c2373abba43a3f7ab3404465a8287b65b6","sha256:73d2f0178585d8378c6943abf49f7d1dd134d26dcd925b80c5b9c8748e07b147","sha256:0ca339b0c0b27c26e06e4430a0b9a42901e0d5d8ec93090f4e31835e4c261806"]}');
CREATE TABLE event (
    sequence INTEGER PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;
INSERT INTO event VALUES(1,'{"annotations":{},"at":"2026-11-28T01:36:29.790Z","by":"ci","digest":"sha256:c79bf44242829108e323378531f4ac839513ca1fba45efd6583643526e1e9fd2","file":"agent","fileName":"agent","mode":"0755","name":"team/agent","platform":"linux/amd64","size":35664,"version":"0.9","what":"put"}');
INSERT INTO event VALUES(2,'{"annotations":{},"at":"2026-11-28T01:36:29.879Z","by":"ci","digest":"sha256:c79bf44242829108e323378531f4ac839513ca1fba45efd6583643526e1e9fd2","file":"agent","fileName":"agent","mode":"0755","name":"team/agent","platform":"linux/amd64","size":35664,"version":"1.0.0","what":"put"}');
INSERT INTO event VALUES(3,'{"annotations":{},"at":"2026-11-28T01:36:29.963Z","by":"ci","digest":"sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03","file":"docker/entrypoint.sh","fileName":"entrypoint.sh","mode":"0644","name":"team/agent","platform":"any","size":6,"version":"1.0.0","what":"put"}');
INSERT INTO event VALUES(4,'{"annotations":{},"at":"2026-11-28T01:36:30.041Z","by":"ci","digest":"sha256:8d0d4c8a1e6ab75ae2f81abf1e1e66ce1ab7be53c7b8f245a41907fc45b3a801","file":"agent","fileName":"agent.conf","mode":"0644","name":"team/agent","platform":"any","size":5,"version":"0.8","what":"put"}');
INSERT INTO event VALUES(5,'{"at":"2026-11-28T01:36:30.104Z","by":"ci","digest":"sha256:8d0d4c8a1e6ab75ae2f81abf1e1e66ce1ab7be53c7b8f245a41907fc45b3a801","file":"agent","name":"team/agent","platform":"any","reason":"wrong file","version":"0.8","what":"remove"}');
INSERT INTO event VALUES(6,'{"at":"2026-11-28T01:36:30.211Z","by":"ci","digest":"sha256:9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd","what":"image"}');
INSERT INTO event VALUES(7,'{"at":"2026-11-28T01:36:30.211Z","by":"ci","digest":"sha256:9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd","tag":"local/own:1","what":"image"}');
INSERT INTO event VALUES(8,'{"at":"2026-11-28T01:36:30.284Z","by":"ci","digest":"sha256:c79bf44242829108e323378531f4ac839513ca1fba45efd6583643526e1e9fd2","reason":"why","what":"pin"}');
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
CREATE TABLE audit_manifest (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    config BLOB NOT NULL CHECK (length(config) = 32),
    platform TEXT NOT NULL
) STRICT;
CREATE TABLE audit_part (
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    audit INTEGER NOT NULL REFERENCES audit (id),
    verdict TEXT,
    PRIMARY KEY (manifest, audit)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_content (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32)
) STRICT;
CREATE TABLE audit_file (
    content INTEGER NOT NULL REFERENCES audit_content (id),
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    path BLOB NOT NULL,
    size INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    layer INTEGER NOT NULL,
    PRIMARY KEY (content, manifest, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE pin (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
    reason TEXT,
    pinned_at INTEGER NOT NULL,
    pinned_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO pin VALUES(X'c79bf44242829108e323378531f4ac839513ca1fba45efd6583643526e1e9fd2','why',1795829790284,'ci');
CREATE TABLE scrub (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    started_at INTEGER NOT NULL,
    position BLOB NOT NULL,
    suspects TEXT NOT NULL
) STRICT;
CREATE TABLE image (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
    media_type TEXT NOT NULL,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO image VALUES(X'9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd','application/vnd.oci.image.index.v1+json',1795829790211);
CREATE TABLE image_blob (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    digest BLOB NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (image, digest)
) STRICT, WITHOUT ROWID;
INSERT INTO image_blob VALUES(X'9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd',X'08935e6c0deaec7915fd4b0cabe557841a729cd17146107607e80748e4287cef');
INSERT INTO image_blob VALUES(X'9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd',X'1e63248b64d034d545e715e83a8e5d5c216aa948176485759ccf75fdd8652a0a');
INSERT INTO image_blob VALUES(X'9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd',X'49834f4d742cb41ef983f3fabeabe23b348a570d3e4838518855a33ef1a2dd02');
INSERT INTO image_blob VALUES(X'9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd',X'9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd');
CREATE TABLE image_artifact (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    PRIMARY KEY (image, digest)
) STRICT, WITHOUT ROWID;
INSERT INTO image_artifact VALUES(X'9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd',X'c79bf44242829108e323378531f4ac839513ca1fba45efd6583643526e1e9fd2');
CREATE TABLE image_tag (
    reference TEXT PRIMARY KEY NOT NULL,
    image BLOB NOT NULL REFERENCES image (digest),
    moved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO image_tag VALUES('local/own:1',X'9fb692943907b7445a11b18bfbe3f5dd5fb984507bda086549264b5a5bf227fd',1795829790211);
CREATE TABLE layer (
    recipe BLOB PRIMARY KEY NOT NULL CHECK (length(recipe) = 32),
    digest BLOB NOT NULL REFERENCES blob (digest),
    diff_id BLOB NOT NULL CHECK (length(diff_id) = 32)
) STRICT, WITHOUT ROWID;
INSERT INTO layer VALUES(X'9cb6a5e31f537b919d6b8e806cf2203ab01e3cfe93aeb4580c7b3cad4aa02b76',X'08935e6c0deaec7915fd4b0cabe557841a729cd17146107607e80748e4287cef',X'fb6cbf026433bfbb0b505120a6b69e81672129dc743170b9bb27bcaeadc1aef4');
CREATE TABLE blob_file (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    changed INTEGER NOT NULL
, checked_at INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE audit_facts (
    manifest INTEGER PRIMARY KEY REFERENCES audit_manifest (id),
    diff_ids BLOB NOT NULL CHECK (length(diff_ids) % 32 = 0),
    facts TEXT NOT NULL
, rules INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE audit_hidden (
    content INTEGER NOT NULL REFERENCES audit_content (id),
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    number INTEGER NOT NULL,
    path BLOB NOT NULL,
    layer INTEGER NOT NULL,
    hidden_by INTEGER NOT NULL,
    PRIMARY KEY (content, manifest, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_name (
    name BLOB NOT NULL,
    content INTEGER NOT NULL REFERENCES audit_content (id),
    PRIMARY KEY (name, content)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_program (
    content INTEGER PRIMARY KEY REFERENCES audit_content (id),
    build_id BLOB,
    text_digest BLOB,
    go_package TEXT,
    facts TEXT NOT NULL
) STRICT;
CREATE TABLE audit_likeness (
    artifact BLOB NOT NULL CHECK (length(artifact) = 32),
    content INTEGER NOT NULL REFERENCES audit_content (id),
    thousandths INTEGER NOT NULL,
    PRIMARY KEY (artifact, content)
) STRICT, WITHOUT ROWID;
CREATE TABLE compatibility (reader INTEGER NOT NULL) STRICT;
INSERT INTO compatibility VALUES(9);
CREATE TABLE base (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    manifest BLOB NOT NULL CHECK (length(manifest) = 32),
    diff_ids BLOB NOT NULL CHECK (length(diff_ids) > 0 AND length(diff_ids) % 32 = 0),
    marked_at INTEGER NOT NULL,
    marked_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (image, manifest)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "artifact" (
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
INSERT INTO artifact VALUES(1,'team/agent','0.9','linux/amd64','agent',X'c79bf44242829108e323378531f4ac839513ca1fba45efd6583643526e1e9fd2','agent',493,1795829789790,'ci','{}');
INSERT INTO artifact VALUES(2,'team/agent','1.0.0','linux/amd64','agent',X'c79bf44242829108e323378531f4ac839513ca1fba45efd6583643526e1e9fd2','agent',493,1795829789879,'ci','{}');
INSERT INTO artifact VALUES(3,'team/agent','1.0.0','any','docker/entrypoint.sh',X'5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03','entrypoint.sh',420,1795829789963,'ci','{}');
CREATE TABLE IF NOT EXISTS "tombstone" (
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
INSERT INTO tombstone VALUES('team/agent','0.8','any','agent',X'8d0d4c8a1e6ab75ae2f81abf1e1e66ce1ab7be53c7b8f245a41907fc45b3a801',1795829790104,'ci','wrong file');
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
CREATE TABLE sealed_release (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    sealed_at INTEGER NOT NULL,
    sealed_by TEXT NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE rule (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE log_hash (
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;
INSERT INTO log_hash VALUES(0,0,X'f78ea2ffbb77fa9f87b1098961f96a67b0445342fa1ad01bde33decd0176fac0');
INSERT INTO log_hash VALUES(0,1,X'e842f4b76e038412947f1b6bd0f2a6d21aff3ab37c63fe9b923d32145e87944e');
INSERT INTO log_hash VALUES(0,2,X'cd94a6f059bdb97f23c2a72300b3caf248e4819a5d46287a4b8f779ef10ca047');
INSERT INTO log_hash VALUES(0,3,X'12339fd7ac7c1f7f1ef7e2c6880e2ae3b71519e5d07e61c87bd588e6333d6495');
INSERT INTO log_hash VALUES(0,4,X'0032d0807f0435d34373c44710c2f7cdf599890af543f46583cd6a77bfedd3fb');
INSERT INTO log_hash VALUES(0,5,X'25106074ce60c75819ef745658ca4e996fa8a0952560538786c38c6de1702cec');
INSERT INTO log_hash VALUES(0,6,X'670fec7a11d32b3ee31a866c039971a874bd484be01324c12a844949f97522c9');
INSERT INTO log_hash VALUES(0,7,X'10e904701951b16f024e2e856ab5f094e815ea34752f3fb7078a61b64f36ee04');
CREATE TABLE log_tree (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    roots BLOB NOT NULL
) STRICT;
INSERT INTO log_tree VALUES(1,'bindery-44d6e3015cdb188df38bc02d25ff9589',8,X'c75d55dba375acb98e999dc3151e72997968be16784cc0da6233600558054419');
CREATE TABLE log_checkpoint (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL CHECK (length(root) = 32),
    note BLOB NOT NULL,
    signed_at INTEGER NOT NULL
) STRICT;
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
CREATE INDEX sealed_release_digest ON sealed_release (digest);
CREATE INDEX attestation_subject_attestation ON attestation_subject (attestation);
CREATE INDEX archive_member_digest ON archive_member (digest);
COMMIT;
