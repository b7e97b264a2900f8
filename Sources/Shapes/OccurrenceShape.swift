package import ArtifactStore
import ContentAddress
import OCI
import Printable

/// A file in an audited image, in JSON.
package struct OccurrenceShape: Encodable {
    struct Near: Encodable {
        let evidence: [String]
        let thousandths: Int?
    }

    let image: Digest
    let references: [String]
    let manifest: Digest
    let platform: String
    let verdict: String?
    let auditedAt: String
    let path: String
    let digest: Digest
    let size: Int64
    let mode: String
    let layer: Int
    let near: Near?

    package init(_ occurrence: AuditOccurrence) {
        image = occurrence.image
        references = occurrence.references
        manifest = occurrence.manifest
        platform = occurrence.platform
        verdict = occurrence.verdict
        auditedAt = occurrence.auditedAt.rfc3339
        path = String(decoding: occurrence.path, as: UTF8.self)
        digest = occurrence.digest
        size = occurrence.size
        mode = FileMode.text(occurrence.mode)
        layer = occurrence.layer
        near = occurrence.nearness.map { Near(evidence: $0.evidence, thousandths: $0.thousandths) }
    }
}
