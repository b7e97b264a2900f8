package import ArtifactStore
import ContentAddress
import ImageFileSystem
import OCI
import Release
import SystemIO

/// Makes recorded audits again against what the store knows now, without reading a layer.
///
/// A later put turns an unknown file into a released one, a later release makes another one expected. Images that no
/// change of the store since their audit can concern keep their result; all others are evaluated again from their
/// recorded files, by the code that evaluates images. What was measured on contents (similarity) stays as it was
/// measured.
package struct Reaudit: Sendable {
    /// What became of one image's audit.
    package enum Outcome: Sendable {
        /// It says the same.
        case unchanged
        /// It says something else.
        case changed(ImageAudit)
        /// The image is damaged, so that nothing can be said of it whatever is released.
        case damaged
        /// It was made by other rules than the present ones, and the image has to be read again.
        case stale(rules: Int)
        /// It can't be made again, and the image has to be read: too little of it was recorded, or a release that was
        /// asked for is in the store no more.
        case impossible(reason: String)
    }

    private let store: Store

    /// The audits of a store.
    package init(store: Store) {
        self.store = store
    }

    /// Makes the latest audit of each image again, or only of those that are named by reference or digest.
    ///
    /// The results are recorded in one transaction unless `isRecorded` is false; see ``Recording/run(_:_:)`` for
    /// `unrecorded`. Throws ``AuditError``, one of them for a name under which nothing was audited.
    package func run(
        _ references: [String] = [],
        isRecorded: Bool = true,
        unrecorded: ((StoreError) -> Void)? = nil
    ) throws(AuditError) -> [ReauditedImage] {
        try AuditError.translating {
            let (items, event) = try reaudit(references)
            if isRecorded { try Recording.run(unrecorded) { try record(items, event) } }
            return items
        }
    }

    private func record(_ items: [ReauditedImage], _ event: Int64) throws {
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

    private func reaudit(_ references: [String]) throws -> (items: [ReauditedImage], event: Int64) {
        // Before anything is read: what is put meanwhile makes it again.
        let evaluator = try RecordEvaluator(store: store)
        let recorded = try store.recordedAudits()
        let chosen = try choose(references, among: recorded.audits)
        let items = try Parallel.map(chosen, width: Parallel.coreCount) {
            try Self.reaudit($0, evaluator, changedNames: recorded.changedNames)
        }
        return (items, evaluator.event)
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

    private static func reaudit(
        _ recorded: RecordedAudit,
        _ evaluator: RecordEvaluator,
        changedNames: [String: Int64]
    ) throws -> ReauditedImage {
        guard recorded.rules == AuditRules.current else {
            return ReauditedImage(before: recorded, outcome: .stale(rules: recorded.rules))
        }
        guard recorded.verdict != nil else { return ReauditedImage(before: recorded, outcome: .damaged) }
        guard let basis = try RecordEvaluator.basis(of: recorded) else {
            return ReauditedImage(before: recorded, outcome: .impossible(reason: recordTooOld))
        }
        let outcome = try outcome(recorded, basis, evaluator, changedNames)
        let isRefused = basis.isPolicyBroken == true || basis.isWithdrawn == true
        let change = ReportChange(of: recorded, to: outcome, in: evaluator.store)
        return ReauditedImage(before: recorded, outcome: outcome, isRefused: isRefused, change: change)
    }

    // A release that was expected may be gone: that is this image's matter, and no reason to leave out the others.
    private static func outcome(
        _ recorded: RecordedAudit,
        _ basis: AuditBasis,
        _ evaluator: RecordEvaluator,
        _ changedNames: [String: Int64]
    ) throws -> Outcome {
        guard isConcerned(recorded, basis, known: evaluator.known, changedNames, now: evaluator.store.now) else {
            return .unchanged
        }
        do {
            guard let audit = try evaluator.audit(recorded.image, reference: recorded.reference, basis) else {
                return .impossible(reason: recordTooOld)
            }
            let report = try AuditRecord.Report(RecordedReport(audit))
            return try report == evaluator.store.report(of: recorded) ? .unchanged : .changed(audit)
        } catch let error as StoreError {
            guard error.kind == .notFound else { throw error }
            return .impossible(reason: "\(error)")
        }
    }

    private static let recordTooOld = "an earlier version recorded too little of it"

    private static func isConcerned(
        _ recorded: RecordedAudit,
        _ basis: AuditBasis,
        known: [KnownBase],
        _ changedNames: [String: Int64],
        now: Timestamp
    ) -> Bool {
        if recorded.lastTouched > recorded.event { return true }
        if let end = basis.policyEnd, end <= now.milliseconds { return true }
        let releases = basis.expected.compactMap { try? ReleaseKey(parsing: $0) }
        if releases.contains(where: { changedNames[$0.name.text] ?? 0 > recorded.event }) { return true }
        let bases = basis.bases + known
        let layers = Dictionary(recorded.manifests.map { ($0.digest, $0.diffIDs) }) { first, _ in first }
        return basis.images.contains { image in
            layers[image.manifest].map { KnownBase.below($0, among: bases) != image.base } ?? false
        }
    }
}

extension AuditError {
    /// Runs what asks a store and records, and throws what it throws as an error of the audit.
    static func translating<Value>(_ body: () throws -> Value) throws(AuditError) -> Value {
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
}
