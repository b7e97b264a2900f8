/// The tables of audits (docs/store-format.md).
enum AuditSchema {
    /// A manifest's files are a function of its digest, so they are kept once, however often it is audited.
    ///
    /// Each digest is kept once, too: files are by far the most rows, and mostly the same ones.
    static let tables = """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            image BLOB NOT NULL CHECK (length(image) = 32),
            reference TEXT NOT NULL,
            verdict TEXT,
            report TEXT NOT NULL,
            audited_at INTEGER NOT NULL,
            audited_by TEXT NOT NULL,
            event INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX audit_image ON audit (image);

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
        CREATE INDEX audit_file_manifest ON audit_file (manifest);
        """

    /// What an audit must know to be made again from the index alone.
    ///
    /// Audits from before have no `basis`, and their manifests no row in `audit_facts`: they need the layers once more.
    /// What is known of a program hangs on its content, like its digest: many images share it.
    static let evidence = """
        ALTER TABLE audit ADD COLUMN basis TEXT;
        ALTER TABLE audit ADD COLUMN again_at INTEGER;
        ALTER TABLE audit ADD COLUMN again_event INTEGER;
        CREATE INDEX audit_part_audit ON audit_part (audit);
        CREATE INDEX elf_go_package ON elf (json_extract(facts, '$.elf.goBuildInfo.packagePath'))
            WHERE json_extract(facts, '$.elf.goBuildInfo.packagePath') <> '';

        CREATE TABLE audit_facts (
            manifest INTEGER PRIMARY KEY REFERENCES audit_manifest (id),
            diff_ids BLOB NOT NULL CHECK (length(diff_ids) % 32 = 0),
            facts TEXT NOT NULL
        ) STRICT;

        CREATE TABLE audit_hidden (
            content INTEGER NOT NULL REFERENCES audit_content (id),
            manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
            number INTEGER NOT NULL,
            path BLOB NOT NULL,
            layer INTEGER NOT NULL,
            hidden_by INTEGER NOT NULL,
            PRIMARY KEY (content, manifest, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX audit_hidden_manifest ON audit_hidden (manifest);

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
        CREATE INDEX audit_program_build_id ON audit_program (build_id) WHERE build_id IS NOT NULL;
        CREATE INDEX audit_program_text_digest ON audit_program (text_digest) WHERE text_digest IS NOT NULL;
        CREATE INDEX audit_program_go_package ON audit_program (go_package) WHERE go_package IS NOT NULL;

        CREATE TABLE audit_likeness (
            artifact BLOB NOT NULL CHECK (length(artifact) = 32),
            content INTEGER NOT NULL REFERENCES audit_content (id),
            thousandths INTEGER NOT NULL,
            PRIMARY KEY (artifact, content)
        ) STRICT, WITHOUT ROWID;
        """

    /// By which version of the audit's rules an audit was made, and a manifest's files were read.
    static let rules = """
        ALTER TABLE audit ADD COLUMN rules INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE audit_facts ADD COLUMN rules INTEGER NOT NULL DEFAULT 1;
        """
}
