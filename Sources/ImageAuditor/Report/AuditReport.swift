import Archive
import ArtifactStore
import ContentAddress
import ImageFileSystem
import Release

/// An audit as JSON (docs/findings.md, "JSON"): members are added, never renamed.
package struct AuditReport: Encodable, Sendable {
    let reference: String
    let digest: Digest?
    let mediaType: String?
    let verdict: Verdict?
    let attestations: Int
    let findings: [FindingShape]
    let platforms: [PlatformShape]

    private enum CodingKeys: String, CodingKey {
        case reference, digest, mediaType, verdict, attestations, findings, platforms
    }

    /// The report of an audit; `withFiles` lists every file, else only those that are released.
    package init(_ audit: ImageAudit, withFiles: Bool = true) {
        reference = audit.reference
        digest = audit.digest
        mediaType = audit.mediaType
        verdict = audit.verdict
        attestations = audit.attestationCount
        findings = audit.findings.map(FindingShape.init)
        platforms = audit.platforms.map { PlatformShape($0, withFiles: withFiles) }
    }

    /// Writes all members; a damaged image has the verdict null, one that can't be opened neither digest nor media
    /// type.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(reference, forKey: .reference)
        try container.encodeIfPresent(digest, forKey: .digest)
        try container.encodeIfPresent(mediaType, forKey: .mediaType)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(attestations, forKey: .attestations)
        try container.encode(findings, forKey: .findings)
        try container.encode(platforms, forKey: .platforms)
    }

    struct FindingShape: Encodable, Sendable {
        let code: FindingCode
        let severity: Severity
        let title: String
        let message: String
        let platform: String?
        let layer: Int?
        let path: String?
        let found: String?
        let expected: String?

        init(_ finding: Finding) {
            code = finding.code
            severity = finding.severity
            title = finding.code.title
            message = finding.message
            platform = finding.platform
            layer = finding.layer
            path = finding.path.map { "\($0)" }
            found = finding.found
            expected = finding.expected
        }
    }

    struct PlatformShape: Encodable, Sendable {
        let platform: String
        let manifest: Digest
        let config: Digest
        let verdict: Verdict?
        let releases: [ReleaseKey]
        let layers: [LayerShape]
        let entrypoint: [StepShape]
        let findings: [FindingShape]
        let fileCount: Int
        /// Left out where there is none.
        let unopenedArchives: Int?
        let files: [FileShape]

        init(_ audit: PlatformAudit, withFiles: Bool) {
            platform = audit.platform
            manifest = audit.manifest
            config = audit.config
            verdict = audit.verdict
            releases = audit.releases
            layers = audit.layers.map(LayerShape.init)
            entrypoint = audit.entrypoint.map(StepShape.init)
            findings = audit.findings.map(FindingShape.init)
            fileCount = audit.files.count
            let archives = audit.unopenedArchives
            unopenedArchives = archives > 0 ? archives : nil
            var listed = ListedKeys()
            files = audit.files.filter { withFiles || !$0.artifacts.isEmpty }.map { file in
                FileShape(file, listed.keys(of: file))
            }
        }
    }

    struct LayerShape: Encodable, Sendable {
        let digest: Digest
        let diffID: Digest
        let size: Int64
        let uncompressedSize: Int64
        let compression: String
        let entries: Int

        init(_ layer: LayerFacts) {
            digest = layer.digest
            diffID = layer.diffID
            size = layer.size
            uncompressedSize = layer.uncompressedSize
            compression = layer.compression.rawValue
            entries = layer.entryCount
        }
    }

    struct StepShape: Encodable, Sendable {
        let reason: EntrypointStep.Reason
        let name: String
        let path: String
        let identity: String

        init(_ step: EntrypointStep) {
            reason = step.reason
            name = step.name
            path = "\(step.path)"
            identity = step.identity.word
        }
    }

    struct FileShape: Encodable, Sendable {
        let path: String
        let pathHex: String?
        let kind: String
        let digest: Digest?
        let size: Int64
        let mode: String
        let layer: Int
        let target: String?
        let identity: String
        let artifacts: [ArtifactKey]?
        let base: String?

        init(_ file: AuditedFile, _ keys: [ArtifactKey]) {
            path = "\(file.path)"
            // Only for names that the text form can't show.
            pathHex = Array(path.utf8) == file.path.bytes ? nil : Hexadecimal.encode(file.path.bytes)
            kind = file.kind.word
            digest = file.digest
            size = file.size
            mode = file.octalMode
            layer = file.layer
            target = file.kind == .symbolicLink ? String(decoding: file.target, as: UTF8.self) : nil
            identity = file.identity.word
            artifacts = keys.isEmpty ? nil : keys
            base = if case .base(let name) = file.identity { name } else { nil }
        }
    }
}
