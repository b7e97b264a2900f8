import ArtifactStore
import ContentAddress
import ImageFileSystem
import Release

/// The report of an audit as the store keeps it: of files only those that are released, since all have rows of their
/// own.
///
/// It is what a later audit of the same image is compared with: a member more makes every audit a changed one, so that
/// what ``AuditReport`` prints grows without it.
struct RecordedReport: AuditContent, Encodable {
    typealias Kind = AuditRecord.ReportKind

    private let reference: String
    private let digest: Digest?
    private let mediaType: String?
    private let verdict: Verdict?
    private let attestations: Int
    private let findings: [FindingShape]
    private let platforms: [PlatformShape]

    private enum CodingKeys: CodingKey {
        case reference, digest, mediaType, verdict, attestations, findings, platforms
    }

    init(_ audit: ImageAudit) {
        reference = audit.reference
        digest = audit.digest
        mediaType = audit.mediaType
        verdict = audit.verdict
        attestations = audit.attestationCount
        findings = audit.findings.map(FindingShape.init)
        platforms = audit.platforms.map(PlatformShape.init)
    }

    /// A damaged image has the verdict null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(reference, forKey: .reference)
        try container.encodeIfPresent(digest, forKey: .digest)
        try container.encodeIfPresent(mediaType, forKey: .mediaType)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(attestations, forKey: .attestations)
        try container.encode(findings, forKey: .findings)
        try container.encode(platforms, forKey: .platforms)
    }

    private struct FindingShape: Encodable {
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

    private struct PlatformShape: Encodable {
        let platform: String
        let manifest: Digest
        let config: Digest
        let verdict: Verdict?
        let releases: [ReleaseKey]
        let layers: [RecordedLayer]
        let entrypoint: [StepShape]
        let findings: [FindingShape]
        let fileCount: Int
        let files: [FileShape]

        init(_ audit: PlatformAudit) {
            platform = audit.platform
            manifest = audit.manifest
            config = audit.config
            verdict = audit.verdict
            releases = audit.releases
            layers = audit.layers.map(RecordedLayer.init)
            entrypoint = audit.entrypoint.map(StepShape.init)
            findings = audit.findings.map(FindingShape.init)
            fileCount = audit.files.count
            var listed = ListedKeys()
            files = audit.files.filter { !$0.artifacts.isEmpty }.map { FileShape($0, listed.keys(of: $0)) }
        }
    }

    private struct StepShape: Encodable {
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

    /// A released file: a regular one.
    private struct FileShape: Encodable {
        let path: String
        let pathHex: String?
        let kind: String
        let digest: Digest?
        let size: Int64
        let mode: String
        let layer: Int
        let identity: String
        let artifacts: [ArtifactKey]
        let base: String?

        init(_ file: AuditedFile, _ keys: [ArtifactKey]) {
            path = "\(file.path)"
            pathHex = Array(path.utf8) == file.path.bytes ? nil : Hexadecimal.encode(file.path.bytes)
            kind = file.kind.word
            digest = file.digest
            size = file.size
            mode = file.octalMode
            layer = file.layer
            identity = file.identity.word
            artifacts = keys
            base = if case .base(let name) = file.identity { name } else { nil }
        }
    }
}
