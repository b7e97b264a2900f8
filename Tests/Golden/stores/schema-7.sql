-- The index of a store that a program with seven migrations made: a release, a base that an audited image has, an image with
-- a released file that was imported and audited, and one on it. Never to be changed.
PRAGMA application_id = 1112425554;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE artifact (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    platform TEXT NOT NULL,
    digest BLOB NOT NULL REFERENCES blob (digest),
    file_name TEXT NOT NULL,
    mode INTEGER NOT NULL,
    put_at INTEGER NOT NULL,
    put_by TEXT NOT NULL,
    annotations TEXT NOT NULL,
    UNIQUE (name, version, platform)
) STRICT;
INSERT INTO "artifact" VALUES(1,'agent','1.0.0','linux/amd64',X'0B928E504632B2408FD80D88DA5CB70AD479361A09757698EAF511190BB6BD94','agent',493,1795801871801,'ci@old','{}');
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    image BLOB NOT NULL CHECK (length(image) = 32),
    reference TEXT NOT NULL,
    verdict TEXT,
    report TEXT NOT NULL,
    audited_at INTEGER NOT NULL,
    audited_by TEXT NOT NULL,
    event INTEGER NOT NULL
, basis TEXT, again_at INTEGER, again_event INTEGER) STRICT;
INSERT INTO "audit" VALUES(1,X'0FCD50E1B423A8CD0ADBF56671DC31F84203112DA666989BAA451D3D29CFDF61','oci:app:1','exact','{"attestations":0,"digest":"sha256:0fcd50e1b423a8cd0adbf56671dc31f84203112da666989baa451d3d29cfdf61","findings":[],"mediaType":"application/vnd.oci.image.manifest.v1+json","platforms":[{"config":"sha256:6fa2092e9b16236e21ad9a6825818730467c41303afbf13aa829cd78f3267e9c","entrypoint":[{"identity":"released","name":"/agent","path":"/agent","reason":"command"}],"fileCount":2,"files":[{"artifacts":[{"name":"agent","platform":"linux/amd64","version":"1.0.0"}],"digest":"sha256:0b928e504632b2408fd80d88da5cb70ad479361a09757698eaf511190bb6bd94","identity":"released","kind":"file","layer":1,"mode":"0755","path":"/agent","size":158}],"findings":[],"layers":[{"compression":"none","diffID":"sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a","digest":"sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a","entries":2,"size":2560,"uncompressedSize":2560},{"compression":"none","diffID":"sha256:3d65552bf5fa6af00601de6cd78d5fdf3448dfe56aaa7020a8ede97033119910","digest":"sha256:3d65552bf5fa6af00601de6cd78d5fdf3448dfe56aaa7020a8ede97033119910","entries":1,"size":2048,"uncompressedSize":2048}],"manifest":"sha256:0fcd50e1b423a8cd0adbf56671dc31f84203112da666989baa451d3d29cfdf61","platform":"linux/amd64","releases":[{"name":"agent","version":"1.0.0"}],"verdict":"exact"}],"reference":"oci:app:1","verdict":"exact"}',1795801871888,'ci@old',3,'{"attestations":0,"bases":[],"expected":[],"findings":[],"images":[{"base":{"diffIDs":["sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a"],"digest":"sha256:57c943ef82cca10486a4c782e9f23a24482b97110dbd8ebf7b8d319e6266bd07","name":"local/base:1"},"manifest":"sha256:0fcd50e1b423a8cd0adbf56671dc31f84203112da666989baa451d3d29cfdf61"}],"mediaType":"application/vnd.oci.image.manifest.v1+json"}',NULL,NULL);
INSERT INTO "audit" VALUES(2,X'BE48A0D1D35033C844A5417931F90DC274AA1494C15FE4B4A8A04D5A7F2A0A41','oci:own:1','exact','{"attestations":0,"digest":"sha256:be48a0d1d35033c844a5417931f90dc274aa1494c15fe4b4a8a04d5a7f2a0a41","findings":[],"mediaType":"application/vnd.oci.image.manifest.v1+json","platforms":[{"config":"sha256:a04b8f2c1ba9ac4790f4a7810796dbc0f1476e68c877345aeacac274788e1631","entrypoint":[{"identity":"base","name":"/agent","path":"/agent","reason":"command"}],"fileCount":2,"files":[{"artifacts":[{"name":"agent","platform":"linux/amd64","version":"1.0.0"}],"digest":"sha256:0b928e504632b2408fd80d88da5cb70ad479361a09757698eaf511190bb6bd94","identity":"released","kind":"file","layer":0,"mode":"0755","path":"/opt/copy","size":158}],"findings":[{"code":"BND042","message":"''/agent'' is started, and is no released file","path":"/agent","platform":"linux/amd64","severity":"warning","title":"entrypoint is no released file"}],"layers":[{"compression":"none","diffID":"sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea","digest":"sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea","entries":3,"size":3584,"uncompressedSize":3584}],"manifest":"sha256:be48a0d1d35033c844a5417931f90dc274aa1494c15fe4b4a8a04d5a7f2a0a41","platform":"linux/amd64","releases":[{"name":"agent","version":"1.0.0"}],"verdict":"exact"}],"reference":"oci:own:1","verdict":"exact"}',1795801871974,'ci@old',6,'{"attestations":0,"bases":[],"expected":[],"findings":[],"images":[{"base":{"diffIDs":["sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea"],"digest":"sha256:be48a0d1d35033c844a5417931f90dc274aa1494c15fe4b4a8a04d5a7f2a0a41","name":"local/own:1"},"manifest":"sha256:be48a0d1d35033c844a5417931f90dc274aa1494c15fe4b4a8a04d5a7f2a0a41"}],"mediaType":"application/vnd.oci.image.manifest.v1+json"}',NULL,NULL);
INSERT INTO "audit" VALUES(3,X'56FFF238096B0C62A7D6D67AE562A2F6D091E4760D248982F17EE14D388CB263','oci:above:1','exact','{"attestations":0,"digest":"sha256:56fff238096b0c62a7d6d67ae562a2f6d091e4760d248982f17ee14d388cb263","findings":[],"mediaType":"application/vnd.oci.image.manifest.v1+json","platforms":[{"config":"sha256:3536e4c260af1c46ee19e501ff48634167a8a8c101b2a9f81ea2499659c2ea4e","entrypoint":[{"identity":"base","name":"/agent","path":"/agent","reason":"command"}],"fileCount":3,"files":[{"artifacts":[{"name":"agent","platform":"linux/amd64","version":"1.0.0"}],"digest":"sha256:0b928e504632b2408fd80d88da5cb70ad479361a09757698eaf511190bb6bd94","identity":"released","kind":"file","layer":1,"mode":"0755","path":"/more","size":158},{"artifacts":[{"name":"agent","platform":"linux/amd64","version":"1.0.0"}],"digest":"sha256:0b928e504632b2408fd80d88da5cb70ad479361a09757698eaf511190bb6bd94","identity":"released","kind":"file","layer":0,"mode":"0755","path":"/opt/copy","size":158}],"findings":[{"code":"BND042","message":"''/agent'' is started, and is no released file","path":"/agent","platform":"linux/amd64","severity":"warning","title":"entrypoint is no released file"}],"layers":[{"compression":"none","diffID":"sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea","digest":"sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea","entries":3,"size":3584,"uncompressedSize":3584},{"compression":"none","diffID":"sha256:6e4f58cd59d79bb9f3aa898c3697dfad499bf285bc200c2b5bb27a599259e571","digest":"sha256:6e4f58cd59d79bb9f3aa898c3697dfad499bf285bc200c2b5bb27a599259e571","entries":1,"size":2048,"uncompressedSize":2048}],"manifest":"sha256:56fff238096b0c62a7d6d67ae562a2f6d091e4760d248982f17ee14d388cb263","platform":"linux/amd64","releases":[{"name":"agent","version":"1.0.0"}],"verdict":"exact"}],"reference":"oci:above:1","verdict":"exact"}',1795801872009,'ci@old',7,'{"attestations":0,"bases":[],"expected":[],"findings":[],"images":[{"base":{"diffIDs":["sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea"],"digest":"sha256:be48a0d1d35033c844a5417931f90dc274aa1494c15fe4b4a8a04d5a7f2a0a41","name":"local/own:1"},"manifest":"sha256:56fff238096b0c62a7d6d67ae562a2f6d091e4760d248982f17ee14d388cb263"}],"mediaType":"application/vnd.oci.image.manifest.v1+json"}',NULL,NULL);
INSERT INTO "audit" VALUES(4,X'57C943EF82CCA10486A4C782E9F23A24482B97110DBD8EBF7B8D319E6266BD07','local/base:1','unknown','{"attestations":0,"digest":"sha256:57c943ef82cca10486a4c782e9f23a24482b97110dbd8ebf7b8d319e6266bd07","findings":[],"mediaType":"application/vnd.oci.image.manifest.v1+json","platforms":[{"config":"sha256:af8bd58071865dbd78e695b33a881b2b0d5feedfc93aa15021a70e5c6704eba4","entrypoint":[],"fileCount":1,"files":[],"findings":[{"code":"BND040","message":"the config has neither Entrypoint nor Cmd","platform":"linux/amd64","severity":"note","title":"nothing is run"}],"layers":[{"compression":"none","diffID":"sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a","digest":"sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a","entries":2,"size":2560,"uncompressedSize":2560}],"manifest":"sha256:57c943ef82cca10486a4c782e9f23a24482b97110dbd8ebf7b8d319e6266bd07","platform":"linux/amd64","releases":[],"verdict":"unknown"}],"reference":"local/base:1","verdict":"unknown"}',1795801872063,'ci@old',8,'{"attestations":0,"bases":[],"expected":[],"findings":[],"images":[{"base":{"diffIDs":["sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a"],"digest":"sha256:57c943ef82cca10486a4c782e9f23a24482b97110dbd8ebf7b8d319e6266bd07","name":"local/base:1"},"manifest":"sha256:57c943ef82cca10486a4c782e9f23a24482b97110dbd8ebf7b8d319e6266bd07"}],"mediaType":"application/vnd.oci.image.manifest.v1+json"}',NULL,NULL);
CREATE TABLE audit_content (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32)
) STRICT;
INSERT INTO "audit_content" VALUES(1,X'0B928E504632B2408FD80D88DA5CB70AD479361A09757698EAF511190BB6BD94');
INSERT INTO "audit_content" VALUES(2,X'FC332CB6F7B7BC886C3A2E5B6C964A51B327E6F8B7A55CB2D8D6BE5303B946CC');
INSERT INTO "audit_content" VALUES(3,X'61EC1D7E650A8A1436714FFB88696891CC8407FC11EF89C8D9C76F44F1D57928');
CREATE TABLE audit_facts (
    manifest INTEGER PRIMARY KEY REFERENCES audit_manifest (id),
    diff_ids BLOB NOT NULL CHECK (length(diff_ids) % 32 = 0),
    facts TEXT NOT NULL
) STRICT;
INSERT INTO "audit_facts" VALUES(1,X'B1F6EE9AEBF88DA3FD81BCA966AE9D4FFDF2991C6EA78A81AEA29DE86F96C29A3D65552BF5FA6AF00601DE6CD78D5FDF3448DFE56AAA7020A8EDE97033119910','{"execution":{"Entrypoint":["/agent"]},"findings":[],"heads":[{"bytes":"f0VMRgIBAQAAAAAAAAAAAAIAPgA=","path":"/agent"}],"isPlatformKnown":true,"layers":[{"compression":"none","diffID":"sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a","digest":"sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a","entries":2,"size":2560,"uncompressedSize":2560},{"compression":"none","diffID":"sha256:3d65552bf5fa6af00601de6cd78d5fdf3448dfe56aaa7020a8ede97033119910","digest":"sha256:3d65552bf5fa6af00601de6cd78d5fdf3448dfe56aaa7020a8ede97033119910","entries":1,"size":2048,"uncompressedSize":2048}]}');
INSERT INTO "audit_facts" VALUES(2,X'794F3D4133B7B0909A7B1EC3FC5B5B5DC1896ADA59CC5E9B6CBAF5F4FAF075EA','{"execution":{"Entrypoint":["/agent"]},"findings":[],"heads":[{"bytes":"f0VMRgIBAQAAAAAAAAAAAAIAPgA=","path":"/agent"},{"bytes":"f0VMRgIBAQAAAAAAAAAAAAIAPgA=","path":"/opt/copy"}],"isPlatformKnown":true,"layers":[{"compression":"none","diffID":"sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea","digest":"sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea","entries":3,"size":3584,"uncompressedSize":3584}]}');
INSERT INTO "audit_facts" VALUES(3,X'794F3D4133B7B0909A7B1EC3FC5B5B5DC1896ADA59CC5E9B6CBAF5F4FAF075EA6E4F58CD59D79BB9F3AA898C3697DFAD499BF285BC200C2B5BB27A599259E571','{"execution":{"Entrypoint":["/agent"]},"findings":[],"heads":[{"bytes":"f0VMRgIBAQAAAAAAAAAAAAIAPgA=","path":"/agent"},{"bytes":"f0VMRgIBAQAAAAAAAAAAAAIAPgA=","path":"/more"},{"bytes":"f0VMRgIBAQAAAAAAAAAAAAIAPgA=","path":"/opt/copy"}],"isPlatformKnown":true,"layers":[{"compression":"none","diffID":"sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea","digest":"sha256:794f3d4133b7b0909a7b1ec3fc5b5b5dc1896ada59cc5e9b6cbaf5f4faf075ea","entries":3,"size":3584,"uncompressedSize":3584},{"compression":"none","diffID":"sha256:6e4f58cd59d79bb9f3aa898c3697dfad499bf285bc200c2b5bb27a599259e571","digest":"sha256:6e4f58cd59d79bb9f3aa898c3697dfad499bf285bc200c2b5bb27a599259e571","entries":1,"size":2048,"uncompressedSize":2048}]}');
INSERT INTO "audit_facts" VALUES(4,X'B1F6EE9AEBF88DA3FD81BCA966AE9D4FFDF2991C6EA78A81AEA29DE86F96C29A','{"execution":{},"findings":[],"isPlatformKnown":true,"layers":[{"compression":"none","diffID":"sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a","digest":"sha256:b1f6ee9aebf88da3fd81bca966ae9d4ffdf2991c6ea78a81aea29de86f96c29a","entries":2,"size":2560,"uncompressedSize":2560}]}');
CREATE TABLE audit_file (
    content INTEGER NOT NULL REFERENCES audit_content (id),
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    path BLOB NOT NULL,
    size INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    layer INTEGER NOT NULL,
    PRIMARY KEY (content, manifest, path)
) STRICT, WITHOUT ROWID;
INSERT INTO "audit_file" VALUES(1,1,X'2F6167656E74',158,493,1);
INSERT INTO "audit_file" VALUES(1,2,X'2F6F70742F636F7079',158,493,0);
INSERT INTO "audit_file" VALUES(1,3,X'2F6D6F7265',158,493,1);
INSERT INTO "audit_file" VALUES(1,3,X'2F6F70742F636F7079',158,493,0);
INSERT INTO "audit_file" VALUES(2,1,X'2F6C69622F626173652E736F',13,420,0);
INSERT INTO "audit_file" VALUES(2,4,X'2F6C69622F626173652E736F',13,420,0);
INSERT INTO "audit_file" VALUES(3,2,X'2F6167656E74',158,493,0);
INSERT INTO "audit_file" VALUES(3,3,X'2F6167656E74',158,493,0);
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
INSERT INTO "audit_manifest" VALUES(1,X'0FCD50E1B423A8CD0ADBF56671DC31F84203112DA666989BAA451D3D29CFDF61',X'6FA2092E9B16236E21AD9A6825818730467C41303AFBF13AA829CD78F3267E9C','linux/amd64');
INSERT INTO "audit_manifest" VALUES(2,X'BE48A0D1D35033C844A5417931F90DC274AA1494C15FE4B4A8A04D5A7F2A0A41',X'A04B8F2C1BA9AC4790F4A7810796DBC0F1476E68C877345AEACAC274788E1631','linux/amd64');
INSERT INTO "audit_manifest" VALUES(3,X'56FFF238096B0C62A7D6D67AE562A2F6D091E4760D248982F17EE14D388CB263',X'3536E4C260AF1C46EE19E501FF48634167A8A8C101B2A9F81EA2499659C2EA4E','linux/amd64');
INSERT INTO "audit_manifest" VALUES(4,X'57C943EF82CCA10486A4C782E9F23A24482B97110DBD8EBF7B8D319E6266BD07',X'AF8BD58071865DBD78E695B33A881B2B0D5FEEDFC93AA15021A70E5C6704EBA4','linux/amd64');
CREATE TABLE audit_name (
    name BLOB NOT NULL,
    content INTEGER NOT NULL REFERENCES audit_content (id),
    PRIMARY KEY (name, content)
) STRICT, WITHOUT ROWID;
INSERT INTO "audit_name" VALUES(X'6167656E74',1);
INSERT INTO "audit_name" VALUES(X'6167656E74',3);
INSERT INTO "audit_name" VALUES(X'636F7079',1);
INSERT INTO "audit_name" VALUES(X'6D6F7265',1);
CREATE TABLE audit_part (
    manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
    audit INTEGER NOT NULL REFERENCES audit (id),
    verdict TEXT,
    PRIMARY KEY (manifest, audit)
) STRICT, WITHOUT ROWID;
INSERT INTO "audit_part" VALUES(1,1,'exact');
INSERT INTO "audit_part" VALUES(2,2,'exact');
INSERT INTO "audit_part" VALUES(3,3,'exact');
INSERT INTO "audit_part" VALUES(4,4,'unknown');
CREATE TABLE audit_program (
    content INTEGER PRIMARY KEY REFERENCES audit_content (id),
    build_id BLOB,
    text_digest BLOB,
    go_package TEXT,
    facts TEXT NOT NULL
) STRICT;
CREATE TABLE blob (
    digest BLOB PRIMARY KEY NOT NULL CHECK (length(digest) = 32),
    size INTEGER NOT NULL CHECK (size >= 0),
    added_at INTEGER NOT NULL
, unnamed_at INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO "blob" VALUES(X'0B928E504632B2408FD80D88DA5CB70AD479361A09757698EAF511190BB6BD94',158,1795801871801,NULL);
INSERT INTO "blob" VALUES(X'57C943EF82CCA10486A4C782E9F23A24482B97110DBD8EBF7B8D319E6266BD07',397,1795801871857,NULL);
INSERT INTO "blob" VALUES(X'794F3D4133B7B0909A7B1EC3FC5B5B5DC1896ADA59CC5E9B6CBAF5F4FAF075EA',3584,1795801871947,NULL);
INSERT INTO "blob" VALUES(X'A04B8F2C1BA9AC4790F4A7810796DBC0F1476E68C877345AEACAC274788E1631',186,1795801871947,NULL);
INSERT INTO "blob" VALUES(X'AF8BD58071865DBD78E695B33A881B2B0D5FEEDFC93AA15021A70E5C6704EBA4',163,1795801871857,NULL);
INSERT INTO "blob" VALUES(X'B1F6EE9AEBF88DA3FD81BCA966AE9D4FFDF2991C6EA78A81AEA29DE86F96C29A',2560,1795801871857,NULL);
INSERT INTO "blob" VALUES(X'BE48A0D1D35033C844A5417931F90DC274AA1494C15FE4B4A8A04D5A7F2A0A41',397,1795801871947,NULL);
CREATE TABLE blob_file (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    changed INTEGER NOT NULL
, checked_at INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE elf (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
    build_id BLOB,
    text_digest BLOB,
    facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "elf" VALUES(X'0B928E504632B2408FD80D88DA5CB70AD479361A09757698EAF511190BB6BD94',NULL,NULL,'{"elf":{"elfClass":64,"endianness":"little","isStripped":true,"linkage":"static","machine":"x86-64","needed":[],"sections":[],"type":"executable"},"sectionDigests":[]}');
CREATE TABLE event (
    sequence INTEGER PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;
INSERT INTO "event" VALUES(1,'{"at":"2026-11-27T17:51:11.801Z","by":"ci@old","digest":"sha256:0b928e504632b2408fd80d88da5cb70ad479361a09757698eaf511190bb6bd94","name":"agent","platform":"linux/amd64","size":158,"version":"1.0.0","what":"put"}');
INSERT INTO "event" VALUES(2,'{"at":"2026-11-27T17:51:11.857Z","by":"ci@old","digest":"sha256:57c943ef82cca10486a4c782e9f23a24482b97110dbd8ebf7b8d319e6266bd07","what":"image"}');
INSERT INTO "event" VALUES(3,'{"at":"2026-11-27T17:51:11.857Z","by":"ci@old","digest":"sha256:57c943ef82cca10486a4c782e9f23a24482b97110dbd8ebf7b8d319e6266bd07","tag":"local/base:1","what":"image"}');
INSERT INTO "event" VALUES(4,'{"at":"2026-11-27T17:51:11.888Z","by":"ci@old","digest":"sha256:0fcd50e1b423a8cd0adbf56671dc31f84203112da666989baa451d3d29cfdf61","reference":"oci:app:1","verdict":"exact","what":"audit"}');
INSERT INTO "event" VALUES(5,'{"at":"2026-11-27T17:51:11.947Z","by":"ci@old","digest":"sha256:be48a0d1d35033c844a5417931f90dc274aa1494c15fe4b4a8a04d5a7f2a0a41","what":"image"}');
INSERT INTO "event" VALUES(6,'{"at":"2026-11-27T17:51:11.947Z","by":"ci@old","digest":"sha256:be48a0d1d35033c844a5417931f90dc274aa1494c15fe4b4a8a04d5a7f2a0a41","tag":"local/own:1","what":"image"}');
INSERT INTO "event" VALUES(7,'{"at":"2026-11-27T17:51:11.974Z","by":"ci@old","digest":"sha256:be48a0d1d35033c844a5417931f90dc274aa1494c15fe4b4a8a04d5a7f2a0a41","reference":"oci:own:1","verdict":"exact","what":"audit"}');
INSERT INTO "event" VALUES(8,'{"at":"2026-11-27T17:51:12.009Z","by":"ci@old","digest":"sha256:56fff238096b0c62a7d6d67ae562a2f6d091e4760d248982f17ee14d388cb263","reference":"oci:above:1","verdict":"exact","what":"audit"}');
INSERT INTO "event" VALUES(9,'{"at":"2026-11-27T17:51:12.063Z","by":"ci@old","digest":"sha256:57c943ef82cca10486a4c782e9f23a24482b97110dbd8ebf7b8d319e6266bd07","reference":"local/base:1","verdict":"unknown","what":"audit"}');
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1 artifacts');
INSERT INTO "grdb_migrations" VALUES('2 audits');
INSERT INTO "grdb_migrations" VALUES('3 retention');
INSERT INTO "grdb_migrations" VALUES('4 images');
INSERT INTO "grdb_migrations" VALUES('5 trust');
INSERT INTO "grdb_migrations" VALUES('6 evidence');
INSERT INTO "grdb_migrations" VALUES('7 trust ages');
CREATE TABLE image (
    digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
    media_type TEXT NOT NULL,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "image" VALUES(X'57C943EF82CCA10486A4C782E9F23A24482B97110DBD8EBF7B8D319E6266BD07','application/vnd.oci.image.manifest.v1+json',1795801871857);
INSERT INTO "image" VALUES(X'BE48A0D1D35033C844A5417931F90DC274AA1494C15FE4B4A8A04D5A7F2A0A41','application/vnd.oci.image.manifest.v1+json',1795801871947);
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
INSERT INTO "image_blob" VALUES(X'57C943EF82CCA10486A4C782E9F23A24482B97110DBD8EBF7B8D319E6266BD07',X'57C943EF82CCA10486A4C782E9F23A24482B97110DBD8EBF7B8D319E6266BD07');
INSERT INTO "image_blob" VALUES(X'BE48A0D1D35033C844A5417931F90DC274AA1494C15FE4B4A8A04D5A7F2A0A41',X'794F3D4133B7B0909A7B1EC3FC5B5B5DC1896ADA59CC5E9B6CBAF5F4FAF075EA');
INSERT INTO "image_blob" VALUES(X'BE48A0D1D35033C844A5417931F90DC274AA1494C15FE4B4A8A04D5A7F2A0A41',X'A04B8F2C1BA9AC4790F4A7810796DBC0F1476E68C877345AEACAC274788E1631');
INSERT INTO "image_blob" VALUES(X'57C943EF82CCA10486A4C782E9F23A24482B97110DBD8EBF7B8D319E6266BD07',X'AF8BD58071865DBD78E695B33A881B2B0D5FEEDFC93AA15021A70E5C6704EBA4');
INSERT INTO "image_blob" VALUES(X'57C943EF82CCA10486A4C782E9F23A24482B97110DBD8EBF7B8D319E6266BD07',X'B1F6EE9AEBF88DA3FD81BCA966AE9D4FFDF2991C6EA78A81AEA29DE86F96C29A');
INSERT INTO "image_blob" VALUES(X'BE48A0D1D35033C844A5417931F90DC274AA1494C15FE4B4A8A04D5A7F2A0A41',X'BE48A0D1D35033C844A5417931F90DC274AA1494C15FE4B4A8A04D5A7F2A0A41');
CREATE TABLE image_tag (
    reference TEXT PRIMARY KEY NOT NULL,
    image BLOB NOT NULL REFERENCES image (digest),
    moved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "image_tag" VALUES('local/base:1',X'57C943EF82CCA10486A4C782E9F23A24482B97110DBD8EBF7B8D319E6266BD07',1795801871857);
INSERT INTO "image_tag" VALUES('local/own:1',X'BE48A0D1D35033C844A5417931F90DC274AA1494C15FE4B4A8A04D5A7F2A0A41',1795801871947);
CREATE TABLE layer (
    recipe BLOB PRIMARY KEY NOT NULL CHECK (length(recipe) = 32),
    digest BLOB NOT NULL REFERENCES blob (digest),
    diff_id BLOB NOT NULL CHECK (length(diff_id) = 32)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE scrub (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    started_at INTEGER NOT NULL,
    position BLOB NOT NULL,
    suspects TEXT NOT NULL
) STRICT;
CREATE TABLE tombstone (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    platform TEXT NOT NULL,
    digest BLOB NOT NULL,
    removed_at INTEGER NOT NULL,
    removed_by TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (name, version, platform)
) STRICT, WITHOUT ROWID;
CREATE INDEX artifact_digest ON artifact (digest);
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
COMMIT;
