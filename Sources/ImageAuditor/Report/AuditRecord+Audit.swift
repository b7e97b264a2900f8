public import ArtifactStore
internal import Foundation

extension AuditRecord {
    /// What the store keeps of an audit.
    public init(_ audit: ImageAudit) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let report = try encoder.encode(AuditReport(audit, withFiles: false))
        self.init(
            reference: audit.reference,
            image: audit.digest,
            verdict: audit.verdict?.rawValue,
            report: String(decoding: report, as: UTF8.self),
            // Of a damaged image nothing is known for certain, so none of its files are kept.
            manifests: audit.platforms.filter { $0.verdict != nil }.map { platform in
                Manifest(
                    digest: platform.manifest,
                    config: platform.config,
                    platform: platform.platform,
                    verdict: platform.verdict?.rawValue,
                    files: platform.files.compactMap { file in
                        file.digest.map {
                            File(path: file.path.bytes, digest: $0, size: file.size, mode: file.mode, layer: file.layer)
                        }
                    }
                )
            }
        )
    }
}
