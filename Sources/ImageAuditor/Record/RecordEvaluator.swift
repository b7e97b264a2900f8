import ArtifactStore
import ContentAddress
import OCI

/// Evaluates images from what audits recorded of them, against what the store holds now; no layer is read.
struct RecordEvaluator: Sendable {
    let store: Store
    let names: ReleasedNames
    let known: [KnownBase]
    let event: Int64

    init(store: Store) throws(StoreError) {
        self.store = store
        names = ReleasedNames(try store.releasedFileNames())
        known = try KnownBase.all(in: store)
        event = try store.lastEvent()
    }

    /// What an audit recorded of the whole; nil where an earlier version recorded nothing of it.
    static func basis(of recorded: RecordedAudit) throws(RecordError) -> AuditBasis? {
        do { return try recorded.basis?.content() } catch {
            throw RecordError("the record of \(recorded.image) is not one: \(error)")
        }
    }

    /// The audit of an image by its basis; nil where of one of its manifests too little was recorded.
    func audit(_ image: Digest, reference: String, _ basis: AuditBasis) throws -> ImageAudit? {
        var options = try basis.options()
        options.bases += known
        let evaluator = PlatformEvaluator(store: store, names: names, options: options)
        var platforms: [PlatformAudit] = []
        for image in basis.images {
            guard let manifest = try store.recordedManifest(image.manifest) else { return nil }
            let facts: ImageFacts = try manifest.facts.content()
            let matched = try FileMatcher(store: store, options: options).match(.recorded(manifest, facts))
            platforms.append(
                try evaluator.evaluate(matched, claimed: image.claimed, programs: programs(of: matched.unknown))
            )
        }
        var basisNow = AuditBasis(
            mediaType: basis.mediaType,
            attestations: basis.attestations,
            images: zip(basis.images, platforms).map {
                AuditBasis.AuditedManifest(manifest: $0.manifest, claimed: $0.claimed, base: $1.base)
            },
            findings: basis.findings,
            expected: basis.expected,
            platform: basis.platform,
            bases: basis.bases
        )
        basisNow.largestSize = basis.largestSize
        basisNow.members = basis.members
        basisNow.documents = basis.documents
        basisNow.doubts = basis.doubts
        let audit = try Auditor.sum(
            store,
            reference: reference,
            digest: image,
            platforms,
            basisNow,
            findings: basis.findings.map(\.finding),
            expected: options.expected,
            event: event
        )
        guard let text = basis.policy else { return audit }
        return try audit.held(to: Policy(parsing: text), store: store, text: text)
    }

    private func programs(of unknown: Set<Digest>) throws -> [Digest: ProgramReading] {
        try store.recordedPrograms(unknown).mapValues { try $0.content() }
    }
}
