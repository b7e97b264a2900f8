package import ArtifactStore
import ContentAddress
package import ImageTransport
import OCI

/// Reads images again whose audits were recorded by other rules, or with too little of the image.
package struct StaleAudit {
    private let store: Store
    private let open: (ImageLocation) throws -> any ImageSource
    private let unrecorded: ((StoreError) -> Void)?

    /// A reader of images that were audited; `open` finds the image of a reference, and `unrecorded` hears of an audit
    /// that couldn't be recorded.
    package init(
        store: Store,
        unrecorded: ((StoreError) -> Void)? = nil,
        open: @escaping (ImageLocation) throws -> any ImageSource
    ) {
        self.store = store
        self.unrecorded = unrecorded
        self.open = open
    }

    /// The item with the audit of an image that was read again, where its record is stale or says too little; else the
    /// same.
    ///
    /// The audit is asked what the recorded one was. An image that can't be read, or a reference that leads to another
    /// image by now, makes the outcome impossible. Throws ``AuditError`` when the store fails.
    package func read(_ item: ReauditedImage, isRecorded: Bool) throws(AuditError) -> ReauditedImage {
        switch item.outcome {
        case .unchanged, .changed, .damaged: return item
        case .stale, .impossible: break
        }
        return try AuditError.translating {
            let audit: ImageAudit
            do {
                audit = try read(item.before)
            } catch let error as StoreError where error.kind != .notFound {
                throw error
            } catch {
                return ReauditedImage(before: item.before, outcome: .impossible(reason: "\(error)"))
            }
            if isRecorded { try Recording.run(unrecorded) { try store.recordAudit(AuditRecord(audit)) } }
            let outcome = Reaudit.Outcome.changed(audit)
            let change = ReportChange(of: item.before, to: outcome, in: store)
            return ReauditedImage(before: item.before, outcome: outcome, change: change)
        }
    }

    private func read(_ recorded: RecordedAudit) throws -> ImageAudit {
        let basis = try RecordEvaluator.basis(of: recorded)
        let source = try source(recorded)
        let found = try source.root().digest
        guard found == recorded.image else {
            throw RecordError("it leads to another image by now, \(found)")
        }
        let options = try basis?.options() ?? AuditOptions()
        let audit = try Auditor(store: store, options: options).audit(source).named(recorded.reference)
        guard let text = basis?.policy else { return audit }
        return try audit.held(to: Policy(parsing: text), store: store, text: text)
    }

    // By its digest where that can be asked for: the store has it, or a registry.
    private func source(_ recorded: RecordedAudit) throws -> any ImageSource {
        let digest = recorded.image
        let inStore = ImageReference(repository: try RepositoryName(parsing: "image"), digest: digest)
        if try store.image(inStore) != nil { return try StoreSource(store: store, reference: inStore) }
        let location = try ImageLocation(parsing: recorded.reference)
        guard case .registry(let text) = location else { return try open(location) }
        var reference = try ImageReference(parsing: text)
        reference = ImageReference(registry: reference.registry, repository: reference.repository, digest: digest)
        return try open(.registry(reference: "\(reference)"))
    }
}
