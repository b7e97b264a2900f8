-- The index of a store that a program with twenty-three migrations made: as that of twenty-two. Never to be changed.
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
INSERT INTO grdb_migrations VALUES('13 holders');
INSERT INTO grdb_migrations VALUES('14 revocations');
INSERT INTO grdb_migrations VALUES('15 foreign programs');
INSERT INTO grdb_migrations VALUES('16 drafts');
INSERT INTO grdb_migrations VALUES('17 upkeep');
INSERT INTO grdb_migrations VALUES('18 referrers');
INSERT INTO grdb_migrations VALUES('19 checkpoints');
INSERT INTO grdb_migrations VALUES('20 modules');
INSERT INTO grdb_migrations VALUES('21 provenance');
INSERT INTO grdb_migrations VALUES('22 registry');
INSERT INTO grdb_migrations VALUES('23 packed archives');
CREATE TABLE blob (
    digest BLOB PRIMARY KEY NOT NULL CHECK (length(digest) = 32),
    size INTEGER NOT NULL CHECK (size >= 0),
    added_at INTEGER NOT NULL
, unnamed_at INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO blob VALUES(X'033cd48e21c167053a5bab6fbc3b818b4a391f225199d199d5615bf391d3671f',56,1795848352269,NULL);
INSERT INTO blob VALUES(X'3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef',100,1795848351447,NULL);
INSERT INTO blob VALUES(X'4b9f2c32577beb1ebc8ab2a1e226faaa9176a81cd4eedbaa22f8a0db919972b5',5,1795848351590,1795848351652);
INSERT INTO blob VALUES(X'53fa0e0b0c94368bd6b7f04777aecc40adc453fb9b0da85cdedc7b63bb460b15',100,1795848351741,NULL);
INSERT INTO blob VALUES(X'6e1c1326f48d0c74e7f089ddbb0fad5f3a3848f234f7ba0235d1ca29edbbb2cb',6,1795848351522,NULL);
INSERT INTO blob VALUES(X'8710e45de17c9a671ceee5fb88361511023d20054119e612b73d76a4471731ae',548,1795848351741,NULL);
INSERT INTO blob VALUES(X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53',289,1795848351741,NULL);
INSERT INTO blob VALUES(X'afe409753e012a63c8e697c830f7aa717719c33464593ee9ce84736ff00273e7',739,1795848351741,NULL);
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
INSERT INTO event VALUES(1,'{"annotations":{},"at":"2026-11-28T06:45:51.447Z","by":"ci","digest":"sha256:3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef","file":"agent","fileName":"agent","mode":"0644","name":"team/agent","platform":"linux/amd64","size":100,"version":"1.0.0","what":"put"}');
INSERT INTO event VALUES(2,'{"annotations":{},"at":"2026-11-28T06:45:51.522Z","by":"ci","digest":"sha256:6e1c1326f48d0c74e7f089ddbb0fad5f3a3848f234f7ba0235d1ca29edbbb2cb","file":"docker/entry.sh","fileName":"entry.sh","mode":"0644","name":"team/agent","platform":"any","size":6,"version":"1.0.0","what":"put"}');
INSERT INTO event VALUES(3,'{"annotations":{},"at":"2026-11-28T06:45:51.590Z","by":"ci","digest":"sha256:4b9f2c32577beb1ebc8ab2a1e226faaa9176a81cd4eedbaa22f8a0db919972b5","file":"agent","fileName":"gone","mode":"0644","name":"team/agent","platform":"any","size":5,"version":"0.9","what":"put"}');
INSERT INTO event VALUES(4,'{"at":"2026-11-28T06:45:51.652Z","by":"ci","digest":"sha256:4b9f2c32577beb1ebc8ab2a1e226faaa9176a81cd4eedbaa22f8a0db919972b5","file":"agent","name":"team/agent","platform":"any","version":"0.9","what":"remove"}');
INSERT INTO event VALUES(5,'{"at":"2026-11-28T06:45:51.741Z","by":"ci","digest":"sha256:979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53","what":"image"}');
INSERT INTO event VALUES(6,'{"at":"2026-11-28T06:45:51.741Z","by":"ci","digest":"sha256:979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53","tag":"local/own:1","what":"image"}');
INSERT INTO event VALUES(7,'{"at":"2026-11-28T06:45:51.809Z","by":"ci","digest":"sha256:979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53","reference":"local/own:1","verdict":"exact","what":"audit"}');
INSERT INTO event VALUES(8,'{"at":"2026-11-28T06:45:51.851Z","by":"ci","digest":"sha256:6e1c1326f48d0c74e7f089ddbb0fad5f3a3848f234f7ba0235d1ca29edbbb2cb","what":"pin"}');
INSERT INTO event VALUES(9,'{"at":"2026-11-28T06:45:51.851Z","by":"ci","digest":"sha256:3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef","what":"pin"}');
INSERT INTO event VALUES(10,'{"at":"2026-11-28T06:45:51.908Z","by":"ci","digest":"sha256:2d22543f42502bd073eabde8f8dac7c66a8130bdffafc06a55d04ec1e28943c3","key":"ours","publicKey":"3059301306072a8648ce3d020106082a8648ce3d03010703420004ac5506edb1f70c95d129212383db76bc7165ca3302567f77b4f7ecb6ce162945274321734506c31a26d334a8fea9ada9ee7b37785e284ea7eb82acca0ba6dcc5","role":"release","scope":[],"what":"trust"}');
INSERT INTO event VALUES(11,'{"at":"2026-11-28T06:45:52.020Z","by":"ci","digest":"sha256:81e2cb6be05b45df127346eb8f0a5d33c090f855a0344a24a9e621807fc34b15","files":2,"name":"team/agent","version":"1.0.0","what":"seal"}');
INSERT INTO event VALUES(12,'{"at":"2026-11-28T06:45:52.020Z","by":"ci","digest":"sha256:b454bb9a8eee7158e317d2957714412bea71b901eba3d2c4f65e7542240aadb1","key":"sha256:2d22543f42502bd073eabde8f8dac7c66a8130bdffafc06a55d04ec1e28943c3","predicateType":"https://in-toto.io/attestation/release/v0.1","subjects":["sha256:3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef","sha256:6e1c1326f48d0c74e7f089ddbb0fad5f3a3848f234f7ba0235d1ca29edbbb2cb","sha256:81e2cb6be05b45df127346eb8f0a5d33c090f855a0344a24a9e621807fc34b15"],"what":"attest"}');
INSERT INTO event VALUES(13,'{"at":"2026-11-28T06:45:52.075Z","by":"ci","level":"warned","name":"team/agent","reason":"broken","version":"1.0.0","what":"revoke"}');
INSERT INTO event VALUES(14,'{"annotations":{},"at":"2026-11-28T06:45:52.269Z","by":"ci","digest":"sha256:033cd48e21c167053a5bab6fbc3b818b4a391f225199d199d5615bf391d3671f","file":"tool","fileName":"tool","mode":"0755","name":"tool","platform":"darwin/arm64","size":56,"version":"1","what":"put"}');
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
INSERT INTO audit VALUES(1,X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53','local/own:1','exact','{"attestations":0,"digest":"sha256:979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53","findings":[],"mediaType":"application/vnd.oci.image.index.v1+json","platforms":[{"config":"sha256:8710e45de17c9a671ceee5fb88361511023d20054119e612b73d76a4471731ae","entrypoint":[{"identity":"released","name":"/agent","path":"/agent","reason":"command"}],"fileCount":1,"files":[{"artifacts":[{"name":"team/agent","platform":"linux/amd64","version":"1.0.0"}],"digest":"sha256:3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef","identity":"released","kind":"file","layer":0,"mode":"0644","path":"/agent","size":100}],"findings":[{"code":"BND043","layer":0,"message":"it has no executable bit","path":"/agent","platform":"linux/amd64","severity":"error","title":"entrypoint can''t be executed"}],"layers":[{"compression":"gzip","diffID":"sha256:6100c6b8634b86a727bc64cf4096a72d9a74ca5a8164d172ce5ff13aa5f125dc","digest":"sha256:53fa0e0b0c94368bd6b7f04777aecc40adc453fb9b0da85cdedc7b63bb460b15","entries":1,"size":100,"uncompressedSize":2048}],"manifest":"sha256:afe409753e012a63c8e697c830f7aa717719c33464593ee9ce84736ff00273e7","platform":"linux/amd64","releases":[{"name":"team/agent","version":"1.0.0"}],"verdict":"exact"}],"reference":"local/own:1","verdict":"exact"}',1795848351809,'ci',6,'{"attestations":0,"bases":[],"documents":["sha256:979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53","sha256:afe409753e012a63c8e697c830f7aa717719c33464593ee9ce84736ff00273e7","sha256:8710e45de17c9a671ceee5fb88361511023d20054119e612b73d76a4471731ae"],"doubts":0,"expected":[],"findings":[],"images":[{"claimed":"linux/amd64","manifest":"sha256:afe409753e012a63c8e697c830f7aa717719c33464593ee9ce84736ff00273e7"}],"mediaType":"application/vnd.oci.image.index.v1+json","members":[{"claimed":"linux/amd64","manifest":"sha256:afe409753e012a63c8e697c830f7aa717719c33464593ee9ce84736ff00273e7"}]}',NULL,NULL,2);
CREATE TABLE audit_manifest (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    config BLOB NOT NULL CHECK (length(config) = 32),
    platform TEXT NOT NULL
) STRICT;
INSERT INTO audit_manifest VALUES(1,X'afe409753e012a63c8e697c830f7aa717719c33464593ee9ce84736ff00273e7',X'8710e45de17c9a671ceee5fb88361511023d20054119e612b73d76a4471731ae','linux/amd64');
CREATE TABLE audit_part (
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    audit INTEGER NOT NULL REFERENCES audit (id),
    verdict TEXT,
    PRIMARY KEY (manifest, audit)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_part VALUES(1,1,'exact');
CREATE TABLE audit_content (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32)
) STRICT;
INSERT INTO audit_content VALUES(1,X'3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef');
CREATE TABLE audit_file (
    content INTEGER NOT NULL REFERENCES audit_content (id),
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    path BLOB NOT NULL,
    size INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    layer INTEGER NOT NULL,
    PRIMARY KEY (content, manifest, path)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_file VALUES(1,1,X'2f6167656e74',100,420,0);
CREATE TABLE pin (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
    reason TEXT,
    pinned_at INTEGER NOT NULL,
    pinned_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO pin VALUES(X'3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef',NULL,1795848351851,'ci');
INSERT INTO pin VALUES(X'6e1c1326f48d0c74e7f089ddbb0fad5f3a3848f234f7ba0235d1ca29edbbb2cb',NULL,1795848351851,'ci');
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
INSERT INTO image VALUES(X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53','application/vnd.oci.image.index.v1+json',1795848351741);
CREATE TABLE image_blob (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    digest BLOB NOT NULL REFERENCES blob (digest),
    PRIMARY KEY (image, digest)
) STRICT, WITHOUT ROWID;
INSERT INTO image_blob VALUES(X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53',X'53fa0e0b0c94368bd6b7f04777aecc40adc453fb9b0da85cdedc7b63bb460b15');
INSERT INTO image_blob VALUES(X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53',X'8710e45de17c9a671ceee5fb88361511023d20054119e612b73d76a4471731ae');
INSERT INTO image_blob VALUES(X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53',X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53');
INSERT INTO image_blob VALUES(X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53',X'afe409753e012a63c8e697c830f7aa717719c33464593ee9ce84736ff00273e7');
CREATE TABLE image_artifact (
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    PRIMARY KEY (image, digest)
) STRICT, WITHOUT ROWID;
INSERT INTO image_artifact VALUES(X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53',X'3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef');
CREATE TABLE image_tag (
    reference TEXT PRIMARY KEY NOT NULL,
    image BLOB NOT NULL REFERENCES image (digest),
    moved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO image_tag VALUES('local/own:1',X'979a6ddff270a16681ec606e92f4e2e4c69794c1d664265d01c979f44fce0f53',1795848351741);
CREATE TABLE layer (
    recipe BLOB PRIMARY KEY NOT NULL CHECK (length(recipe) = 32),
    digest BLOB NOT NULL REFERENCES blob (digest),
    diff_id BLOB NOT NULL CHECK (length(diff_id) = 32)
) STRICT, WITHOUT ROWID;
INSERT INTO layer VALUES(X'965ce031a0c704479ac572222fd6f3ed7bd4378906a66fb71088d7fb8a0fcceb',X'53fa0e0b0c94368bd6b7f04777aecc40adc453fb9b0da85cdedc7b63bb460b15',X'6100c6b8634b86a727bc64cf4096a72d9a74ca5a8164d172ce5ff13aa5f125dc');
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
INSERT INTO audit_facts VALUES(1,X'6100c6b8634b86a727bc64cf4096a72d9a74ca5a8164d172ce5ff13aa5f125dc','{"claims":[{"digest":"sha256:3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef","layer":0,"path":"/agent","source":"the recipe of layer 1"}],"doubts":0,"execution":{"Entrypoint":["/agent"],"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]},"findings":[],"isPlatformKnown":true,"layers":[{"compression":"gzip","diffID":"sha256:6100c6b8634b86a727bc64cf4096a72d9a74ca5a8164d172ce5ff13aa5f125dc","digest":"sha256:53fa0e0b0c94368bd6b7f04777aecc40adc453fb9b0da85cdedc7b63bb460b15","entries":1,"size":100,"uncompressedSize":2048}]}',2);
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
INSERT INTO artifact VALUES(1,'team/agent','1.0.0','linux/amd64','agent',X'3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef','agent',420,1795848351447,'ci','{}');
INSERT INTO artifact VALUES(2,'team/agent','1.0.0','any','docker/entry.sh',X'6e1c1326f48d0c74e7f089ddbb0fad5f3a3848f234f7ba0235d1ca29edbbb2cb','entry.sh',420,1795848351522,'ci','{}');
INSERT INTO artifact VALUES(3,'tool','1','darwin/arm64','tool',X'033cd48e21c167053a5bab6fbc3b818b4a391f225199d199d5615bf391d3671f','tool',493,1795848352269,'ci','{}');
CREATE TABLE IF NOT EXISTS "tombstone" (
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
INSERT INTO tombstone VALUES('team/agent','0.9','any','agent',X'4b9f2c32577beb1ebc8ab2a1e226faaa9176a81cd4eedbaa22f8a0db919972b5',1795848351652,'ci',NULL,0);
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
INSERT INTO trusted_key VALUES(X'2d22543f42502bd073eabde8f8dac7c66a8130bdffafc06a55d04ec1e28943c3','ours','release',X'3059301306072a8648ce3d020106082a8648ce3d03010703420004ac5506edb1f70c95d129212383db76bc7165ca3302567f77b4f7ecb6ce162945274321734506c31a26d334a8fea9ada9ee7b37785e284ea7eb82acca0ba6dcc5','[]',NULL,NULL,1795848351908,'ci',NULL,NULL);
CREATE TABLE sealed_release (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    sealed_at INTEGER NOT NULL,
    sealed_by TEXT NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
INSERT INTO sealed_release VALUES('team/agent','1.0.0',X'81e2cb6be05b45df127346eb8f0a5d33c090f855a0344a24a9e621807fc34b15',1795848352020,'ci');
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
INSERT INTO sealed_file VALUES('team/agent','1.0.0','any','docker/entry.sh',X'6e1c1326f48d0c74e7f089ddbb0fad5f3a3848f234f7ba0235d1ca29edbbb2cb','entry.sh',420,'{}');
INSERT INTO sealed_file VALUES('team/agent','1.0.0','linux/amd64','agent',X'3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef','agent',420,'{}');
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
INSERT INTO attestation VALUES(1,X'b454bb9a8eee7158e317d2957714412bea71b901eba3d2c4f65e7542240aadb1','https://in-toto.io/attestation/release/v0.1',X'2d22543f42502bd073eabde8f8dac7c66a8130bdffafc06a55d04ec1e28943c3',X'4fb53981f13cae504f94ba01709400524f82939191e681170203f2a9e20f2cde',X'7b2264737365456e76656c6f7065223a7b227061796c6f6164223a2265794a6664486c775a534936496d68306448427a4f69387661573474644739306279357062793954644746305a57316c626e5176646a45694c434a77636d566b61574e68644755694f6e73696348567962434936496e42725a7a706e5a57356c636d6c6a4c33526c595730765957646c626e52414d5334774c6a41696653776963484a6c5a476c6a5958526c56486c775a534936496d68306448427a4f693876615734746447393062793570627939686448526c6333526864476c76626939795a57786c59584e6c4c3359774c6a45694c434a7a64574a715a574e30496a706265794a6b6157646c633351694f6e7369633268684d6a5532496a6f694f44466c4d6d4e694e6d4a6c4d4456694e44566b5a6a45794e7a4d304e6d56694f4759775954566b4d7a4e6a4d446b775a6a67314e5745774d7a51305954493059546c6c4e6a49784f4441335a6d4d7a4e4749784e534a394c434a755957316c496a6f6964475668625339685a325675644541784c6a41754d434a394c4873695a476c6e5a584e30496a7037496e4e6f595449314e694936496a5a6c4d574d784d7a49325a6a51345a44426a4e7a526c4e3259774f446c6b5a474a694d475a685a44566d4d32457a4f4451345a6a497a4e475933596d45774d6a4d315a44466a595449355a575269596d49795932496966537769626d46745a534936496d52765932746c6369396c626e52796553357a61434a394c4873695a476c6e5a584e30496a7037496e4e6f595449314e694936496a4e684e57517a5a6a4d7a5a6a4a684e44426d4f5468695a6a45304d7a6b335a5755324f546378597a5a685a6a4e68596a6869597a64694f5755314f545a6c59325a6a4e575978595751774e6a686c597a55795a57596966537769626d46745a534936496d7870626e56344c3246745a4459304c32466e5a573530496e316466513d3d222c227061796c6f616454797065223a226170706c69636174696f6e2f766e642e696e2d746f746f2b6a736f6e222c227369676e617475726573223a5b7b22736967223a224d455943495143305473756d706f3650425955736975685a50626f2b3156567272544e437177567a796c67763261562f4b51496841507264696c7453456d4e6b647a416341335748476249582b384a7930744451374456334b6c7271494d5938227d5d7d2c226d6564696154797065223a226170706c69636174696f6e2f766e642e6465762e73696773746f72652e62756e646c652e76302e332b6a736f6e222c22766572696669636174696f6e4d6174657269616c223a7b227075626c69634b6579223a7b2268696e74223a224c534a5550304a514b39427a3672336f2b4e7248786d71424d4c332f723842715664424f77654b4a51384d3d227d2c22746c6f67456e7472696573223a5b5d7d7d',1795848352020,'ci');
CREATE TABLE attestation_subject (
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    attestation INTEGER NOT NULL REFERENCES attestation (id) ON DELETE CASCADE,
    PRIMARY KEY (digest, attestation)
) STRICT, WITHOUT ROWID;
INSERT INTO attestation_subject VALUES(X'3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef',1);
INSERT INTO attestation_subject VALUES(X'6e1c1326f48d0c74e7f089ddbb0fad5f3a3848f234f7ba0235d1ca29edbbb2cb',1);
INSERT INTO attestation_subject VALUES(X'81e2cb6be05b45df127346eb8f0a5d33c090f855a0344a24a9e621807fc34b15',1);
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
INSERT INTO log_hash VALUES(0,0,X'3f63e4cbcc9996f4a0481ee97ac8fb042c20b6005999a7505ade37eeb5597316');
INSERT INTO log_hash VALUES(0,1,X'da82ae3ea7c42b8d454e81df927adc186b8dc6107a04366064e80e5e2cc2282a');
INSERT INTO log_hash VALUES(0,2,X'210cf67cc801952057aad0ecb179c00ad1169e8eee51ebe43a4e2b8176d9d0a0');
INSERT INTO log_hash VALUES(0,3,X'55019e14a1645fdbbf40055acbb89718c69ba09668e9ef431c2109de0eb178db');
INSERT INTO log_hash VALUES(0,4,X'ad45860068db8e65d0fc13fe5741f6724503e10011a12ec09275f7f3b720885c');
INSERT INTO log_hash VALUES(0,5,X'396a1eb8953e2e9b151a82781e81b9d2924fa4b1e42e38e76430680dfa2f138b');
INSERT INTO log_hash VALUES(0,6,X'f0c7a58ad22bb1c2376a0f70f8bb6ec9877709d9f2c915d92b9781d04bde4c86');
INSERT INTO log_hash VALUES(0,7,X'1fa6d60ec4217ad52a0145e703f7aaa99178d72a4cbc93fc4e8fa9fbac36c09e');
INSERT INTO log_hash VALUES(0,8,X'2925a5a6c15dca771a457b5398e1a19c5cb008c107e14e70df4350175e39fe0b');
INSERT INTO log_hash VALUES(0,9,X'851dddb7e126d5f2f6dd3d80ef7fe6a66834ebdc74d42e79ff133192f5bfb215');
INSERT INTO log_hash VALUES(0,10,X'aeed4463b061772b77ab5dbe41d3aa4b36aa1af124f693a65a216a6c9bb72447');
INSERT INTO log_hash VALUES(0,11,X'0057efe24ddfda1241619ed414d2f5d8dc4be24f3dc3a44a3f04245ab908f31a');
INSERT INTO log_hash VALUES(0,12,X'35d1c4ac15137bbdb5135cbd1de3addc70b6da23e391cdabc895eea4e3b04213');
INSERT INTO log_hash VALUES(0,13,X'e50d27a1a6533ded91dd2a3cb0ccc5ece9d9e369466304beb637b3f993ab2ec8');
CREATE TABLE log_tree (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    roots BLOB NOT NULL
) STRICT;
INSERT INTO log_tree VALUES(1,'bindery-1af88ea69327f92754bc083b86043627',14,X'f7345cd310e90ad181ae0a86402b6e6ad6e0a4c8e6047ba20c9ca51226bff5fc35a3ffc8b15c30940b05c0955526d69423b89ab7619ef302c92cf3769e6a6a6120f80cf10d24e35534e176e3fd1470a7a300a65058ca6261b132ad62d1db8754');
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
INSERT INTO revocation VALUES(1,'team/agent','1.0.0',NULL,'warned','broken',NULL,NULL,NULL,1795848352075,'ci');
CREATE TABLE foreign_program (
    digest BLOB NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    build_id BLOB,
    text_digest BLOB,
    go_package TEXT,
    facts TEXT NOT NULL,
    PRIMARY KEY (digest, number)
) STRICT, WITHOUT ROWID;
INSERT INTO foreign_program VALUES(X'033cd48e21c167053a5bab6fbc3b818b4a391f225199d199d5615bf391d3671f',1,X'0102030405060708090a0b0c0d0e0f10',NULL,NULL,'{"architecture":"arm64","buildID":"0102030405060708090a0b0c0d0e0f10","os":"darwin","sections":[]}');
CREATE TABLE upkeep (
    kind TEXT PRIMARY KEY NOT NULL,
    finished_at INTEGER NOT NULL,
    faults INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO upkeep VALUES('verify',1795848352075,0,4096);
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
INSERT INTO draft VALUES('team/agent','1.1.0','linux/amd64','agent',X'3a5d3f33f2a40f98bf14397ee6971c6af3ab8bc7b9e596ecfc5f1ad068ec52ef','agent',420,1795848351447,'ci','{}');
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
CREATE TABLE seen_checkpoint (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    note BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (origin, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE module (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    ecosystem TEXT NOT NULL,
    version TEXT NOT NULL,
    source TEXT NOT NULL,
    UNIQUE (name, ecosystem, version, source)
) STRICT;
INSERT INTO module VALUES(1,'golang.org/x/net','Go','v0.37.0','');
CREATE TABLE module_reading (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    rules INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO module_reading VALUES(X'033cd48e21c167053a5bab6fbc3b818b4a391f225199d199d5615bf391d3671f',1);
CREATE TABLE program_module (
    digest BLOB NOT NULL REFERENCES module_reading (digest) ON DELETE CASCADE,
    module INTEGER NOT NULL REFERENCES module (id),
    PRIMARY KEY (digest, module)
) STRICT, WITHOUT ROWID;
INSERT INTO program_module VALUES(X'033cd48e21c167053a5bab6fbc3b818b4a391f225199d199d5615bf391d3671f',1);
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
CREATE TABLE other_digest (
    name TEXT PRIMARY KEY NOT NULL,
    digest BLOB NOT NULL REFERENCES blob (digest) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE repository_missing (
    repository TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
    PRIMARY KEY (repository, digest, image)
) STRICT, WITHOUT ROWID;
CREATE TABLE token (
    hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    name TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER
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
CREATE INDEX revocation_release ON revocation (name, version);
CREATE INDEX revocation_digest ON revocation (digest) WHERE digest IS NOT NULL;
CREATE INDEX foreign_program_build_id ON foreign_program (build_id) WHERE build_id IS NOT NULL;
CREATE INDEX foreign_program_text_digest ON foreign_program (text_digest) WHERE text_digest IS NOT NULL;
CREATE INDEX foreign_program_go_package ON foreign_program (go_package) WHERE go_package IS NOT NULL;
CREATE INDEX draft_digest ON draft (digest);
CREATE INDEX program_module_module ON program_module (module);
CREATE INDEX referrer_subject ON referrer (subject);
CREATE INDEX referrer_blob_digest ON referrer_blob (digest);
CREATE INDEX provenance_subject_provenance ON provenance_subject (provenance);
CREATE INDEX repository_blob_digest ON repository_blob (digest);
CREATE INDEX repository_manifest_digest ON repository_manifest (digest);
CREATE INDEX repository_manifest_subject ON repository_manifest (repository, subject) WHERE subject IS NOT NULL;
CREATE INDEX other_digest_digest ON other_digest (digest);
CREATE INDEX repository_missing_image ON repository_missing (image);
CREATE INDEX packed_digest ON packed (digest);
CREATE TRIGGER packed_goes AFTER DELETE ON artifact BEGIN
    DELETE FROM packed WHERE name = OLD.name AND version = OLD.version;
END;
COMMIT;
