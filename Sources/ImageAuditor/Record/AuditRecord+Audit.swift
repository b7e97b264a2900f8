package import ArtifactStore
import ImageFileSystem

extension AuditRecord {
    /// What the store keeps of an audit; throws ``RecordError`` for one of an image that couldn't be opened.
    package init(_ audit: ImageAudit) throws {
        try self.init(audit) { platform in
            var manifest = Manifest(
                digest: platform.manifest,
                config: platform.config,
                platform: platform.platform,
                verdict: platform.verdict?.rawValue,
                files: platform.files.compactMap(File.init),
                hidden: platform.evidence.hidden,
                diffIDs: platform.evidence.diffIDs,
                facts: try AuditDocument(platform.evidence.facts),
                programs: try platform.programs.sorted { $0.key < $1.key }.map { digest, reading in
                    // Of a universal file's slices the first is found by these.
                    let program = reading.identities.first
                    return Program(
                        digest: digest,
                        buildID: program?.buildIDBytes,
                        textDigest: program?.code,
                        goPackage: program?.goPackage,
                        facts: try AuditDocument(reading),
                        similar: reading.similarFiles.map { ($0.artifact, $0.thousandths) }
                    )
                }
            )
            manifest.rules = AuditRules.current
            return manifest
        }
    }

    /// What the store keeps of an audit that was made again: only what came out, all else is there.
    init(again audit: ImageAudit) throws {
        try self.init(audit) { platform in
            Manifest(
                digest: platform.manifest,
                config: platform.config,
                platform: platform.platform,
                verdict: platform.verdict?.rawValue,
                files: []
            )
        }
        isAgain = true
    }

    private init(_ audit: ImageAudit, _ manifest: (PlatformAudit) throws -> Manifest) throws {
        guard let digest = audit.digest else { throw RecordError("\(audit.reference) has no digest") }
        self.init(
            reference: audit.reference,
            image: digest,
            verdict: audit.verdict?.rawValue,
            report: try AuditDocument(RecordedReport(audit)),
            basis: try AuditDocument(audit.basis),
            event: audit.event,
            // Of a damaged image nothing is known for certain, so none of its files are kept.
            manifests: try audit.platforms.filter { $0.verdict != nil }.map(manifest)
        )
        rules = AuditRules.current
    }
}

extension AuditRecord.File {
    /// Nil for what is not a regular file.
    fileprivate init?(_ file: AuditedFile) {
        guard let digest = file.digest else { return nil }
        let isProgram = file.isELF || file.mode & 0o111 != 0
        self.init(
            path: file.path.bytes,
            digest: digest,
            size: file.size,
            mode: file.mode,
            layer: file.layer,
            programNames: isProgram ? ReleasedNames.candidates(file.path.lastName) : []
        )
    }
}
