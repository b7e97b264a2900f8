public import ArtifactStore
public import ContentAddress
internal import Foundation
internal import OCI

/// Makes recorded audits again against what the store knows now, without reading a layer.
///
/// A later put turns an unknown file into a released one, a later release makes another one expected. Images that no
/// change of the store since their audit can concern keep their result; all others are judged anew from their recorded
/// files by the code that judges images. What was measured on contents (likeness) stays as it was measured.
public struct AuditRenewal: Sendable {
    /// What became of one image's audit.
    public enum Outcome: Sendable {
        /// It says the same.
        case unchanged
        /// It says something else.
        case changed(ImageAudit)
        /// The image is damaged, so that nothing can be said of it whatever is released.
        case damaged
        /// It can't be made again, and the image has to be read: an earlier version recorded too little of it, or a
        /// release that was asked for is in the store no more.
        case impossible(reason: String)
    }

    /// One image and what became of its audit.
    public struct Item: Sendable {
        /// The audit as it was recorded.
        public let before: RecordedAudit
        /// What became of it.
        public let outcome: Outcome

        /// The verdict that holds now; nil for a damaged image.
        public var verdict: Verdict? {
            switch outcome {
            case .changed(let audit): audit.verdict
            case .impossible: nil
            case .unchanged, .damaged: before.verdict.flatMap(Verdict.init)
            }
        }
    }

    private let store: Store

    /// A renewal of a store's audits.
    public init(store: Store) {
        self.store = store
    }

    /// Makes the latest audit of each image again, or only of those that are named by reference or digest.
    ///
    /// The results are recorded in one transaction unless `isRecorded` is false. Throws ``AuditError``, one of them for
    /// a name under which nothing was audited.
    public func run(_ references: [String] = [], isRecorded: Bool = true) throws(AuditError) -> [Item] {
        try Self.translating { try renew(references, isRecorded) }
    }

    /// The latest audit of an image, or of an index that has it, against what the store holds now; nothing is recorded.
    ///
    /// Nil for an image that was not audited. Throws ``AuditError/record(_:)`` for one that was and can't be judged.
    public func audit(of image: Digest) throws(AuditError) -> ImageAudit? {
        try Self.translating {
            let images = Set(try store.auditedImages(named: "\(image)"))
            guard let recorded = try store.recordedAudits().audits.last(where: { images.contains($0.image) }) else {
                return nil
            }
            let judge = RenewalJudge(
                store: store,
                names: ReleasedNames(try store.releasedFileNames()),
                known: try KnownBase.all(in: store),
                changedNames: [:],
                event: try store.lastEvent()
            )
            switch try judge.audit(recorded) {
            case .changed(let audit): return audit
            case .impossible(let reason): throw AuditError.record(reason)
            case .damaged, .unchanged: throw AuditError.record("the image was damaged when it was audited")
            }
        }
    }

    private static func translating<Value>(_ body: () throws -> Value) throws(AuditError) -> Value {
        do {
            return try body()
        } catch let error as AuditError {
            throw error
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .record("\(error)")
        }
    }

    private func renew(_ references: [String], _ isRecorded: Bool) throws -> [Item] {
        let event = try store.lastEvent()
        let recorded = try store.recordedAudits()
        let chosen = try choose(references, among: recorded.audits)
        let judge = RenewalJudge(
            store: store,
            names: ReleasedNames(try store.releasedFileNames()),
            known: try KnownBase.all(in: store),
            changedNames: recorded.changedNames,
            event: event
        )
        let outcomes = try Parallel.map(chosen, width: Parallel.coreCount) { try judge.judge($0) }
        let items = zip(chosen, outcomes).map { Item(before: $0, outcome: $1) }
        if isRecorded {
            try store.recordAgain(
                try items.compactMap { item in
                    if case .changed(let audit) = item.outcome { try AuditRecord(again: audit) } else { nil }
                },
                unchanged: items.compactMap { item in
                    if case .unchanged = item.outcome { item.before } else { nil }
                },
                event: event
            )
        }
        return items
    }

    private func choose(_ references: [String], among all: [RecordedAudit]) throws -> [RecordedAudit] {
        guard !references.isEmpty else { return all }
        var chosen: Set<Digest> = []
        for reference in references {
            let found = try store.auditedImages(named: reference)
            guard !found.isEmpty else { throw AuditError.notAudited(reference) }
            chosen.formUnion(found)
        }
        return all.filter { chosen.contains($0.image) }
    }
}

/// Judges one recorded audit.
private struct RenewalJudge: Sendable {
    let store: Store
    let names: ReleasedNames
    let known: [KnownBase]
    let changedNames: [String: Int64]
    let event: Int64

    /// What became of the audit: the same unless the store's changes since then make another one.
    func judge(_ recorded: RecordedAudit) throws -> AuditRenewal.Outcome {
        guard recorded.verdict != nil else { return .damaged }
        guard let basis = try basis(of: recorded) else { return .impossible(reason: Self.recordTooOld) }
        guard isConcerned(recorded, basis) else { return .unchanged }
        let outcome = try judge(recorded, basis)
        guard case .changed(let audit) = outcome else { return outcome }
        return try AuditRecord.report(audit) == store.report(of: recorded) ? .unchanged : outcome
    }

    /// The audit as it is now, whether or not it is another one.
    func audit(_ recorded: RecordedAudit) throws -> AuditRenewal.Outcome {
        guard recorded.verdict != nil else { return .damaged }
        guard let basis = try basis(of: recorded) else { return .impossible(reason: Self.recordTooOld) }
        return try judge(recorded, basis)
    }

    private func basis(of recorded: RecordedAudit) throws -> AuditBasis? {
        try recorded.basis.map { try JSONDecoder().decode(AuditBasis.self, from: Data($0.utf8)) }
    }

    private static let recordTooOld = "an earlier version recorded too little of it"

    // A release that was expected may be gone: that is this image's matter, and no reason to judge none of the others.
    private func judge(_ recorded: RecordedAudit, _ basis: AuditBasis) throws -> AuditRenewal.Outcome {
        do { return try renew(recorded, basis) } catch let error as StoreError {
            guard error.kind == .notFound else { throw error }
            return .impossible(reason: "\(error)")
        }
    }

    private func renew(_ recorded: RecordedAudit, _ basis: AuditBasis) throws -> AuditRenewal.Outcome {
        var options = try basis.options()
        options.bases += known
        let judgement = PlatformJudgement(store: store, names: names, options: options)
        var platforms: [PlatformAudit] = []
        for image in basis.images {
            guard let manifest = try store.recordedManifest(image.manifest) else {
                return .impossible(reason: Self.recordTooOld)
            }
            let facts = try JSONDecoder().decode(ImageFacts.self, from: Data(manifest.facts.utf8))
            platforms.append(
                try judgement.judge(
                    try PlatformImage(recorded: manifest, facts),
                    claimed: image.claimed,
                    programs: programs
                )
            )
        }
        let renewed = AuditBasis(
            mediaType: basis.mediaType,
            attestations: basis.attestations,
            images: zip(basis.images, platforms).map {
                AuditBasis.Image(manifest: $0.manifest, claimed: $0.claimed, base: $1.base)
            },
            findings: basis.findings,
            expected: basis.expected,
            platform: basis.platform,
            bases: basis.bases
        )
        var audit = try Auditor.sum(
            store,
            reference: recorded.reference,
            digest: recorded.image,
            platforms,
            renewed,
            findings: basis.findings.map(\.finding),
            event: event
        )
        if let text = basis.policy {
            audit = try audit.held(to: Policy(parsing: text), store: store, text: text)
        }
        return .changed(audit)
    }

    private func isConcerned(_ recorded: RecordedAudit, _ basis: AuditBasis) -> Bool {
        if recorded.lastTouched > recorded.event { return true }
        let releases = basis.expected.compactMap { try? ReleaseKey(parsing: $0) }
        if releases.contains(where: { changedNames[$0.name.text] ?? 0 > recorded.event }) { return true }
        let bases = basis.bases + known
        let layers = Dictionary(recorded.manifests.map { ($0.digest, $0.diffIDs) }) { first, _ in first }
        return basis.images.contains { image in
            layers[image.manifest].map { KnownBase.below($0, among: bases) != image.base } ?? false
        }
    }

    private func programs(_ matcher: FileMatcher) throws -> [Digest: ProgramReading] {
        let unknown = Set(matcher.files.compactMap { $0.identity.isUnknown ? $0.digest : nil })
        return try store.recordedPrograms(unknown).mapValues { text in
            try JSONDecoder().decode(ProgramReading.self, from: Data(text.utf8))
        }
    }
}
