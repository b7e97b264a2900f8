import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageTransport
import OCI
import Printable

/// Marks images of the store as those that others are built on, for `import --as-base`.
struct BaseImport {
    let store: Store

    /// Audits an image, keeps the audit, and marks the image.
    ///
    /// What can be read in two ways, or wasn't read, is not a base: the mark would vouch for it in every image above
    /// it.
    func mark(_ image: Digest, name: String) throws {
        let reference = ImageReference(repository: try RepositoryName(parsing: "image"), digest: image)
        let progress = Progress("auditing", total: nil)
        var settings = AuditOptions()
        settings.progress = { progress.add($0) }
        let source = try StoreSource(store: store, reference: reference)
        let audit = try Auditor(store: store, options: settings).audit(source).named(name)
        progress.finish()
        try store.recordAudit(AuditRecord(audit))
        guard let verdict = audit.verdict else {
            Output.error("\(name) is damaged, and not marked as a base")
            throw ExitStatus.integrity
        }
        switch verdict {
        case .ambiguous, .incomplete:
            let reason = audit.allFindings.first.map { ": \($0.code.rawValue) \($0.message)" } ?? ""
            Output.error("\(name) is \(verdict.rawValue), and not marked as a base\(reason)")
            throw ExitStatus.no
        case .mismatch, .contains, .exact:
            Output.warning("\(name) is \(verdict.rawValue); all in it counts as the base's now")
        case .unknown: break
        }
        try store.markBases(KnownBase.marks(image, in: store, reason: "imported as a base"))
    }
}
