import ContentAddress
import GRDB
import OCI
import Release

extension Store {
    /// Decides on every release and removes those that may go, in one transaction: what is pinned or built into an
    /// image at the same moment is seen, or comes after.
    func apply(_ policy: RetentionPolicy, at time: Timestamp, in db: Database) throws -> [RetentionDecision] {
        let plan = RetentionPlan(
            policy: policy,
            now: time,
            images: { try ImageRows.names(reaching: $0, onlyKept: true, in: db) },
            isAudited: { try AuditRows.hasSeen($0, in: db) },
            isPinned: { try PinRows.exists($0, in: db) }
        )
        let byName = Dictionary(grouping: Self.releases(try ArtifactRows.all(in: db)), by: \.key.name)
        var decisions: [RetentionDecision] = []
        for name in byName.keys.sorted() { decisions += try plan.decide(byName[name] ?? []) }
        for decision in decisions where !decision.isKept {
            try withdraw(
                decision.release.artifacts,
                Why(reason: Tombstone.retention + "\(decision.reason)", isHarmless: false),
                at: time,
                in: db
            )
        }
        return decisions
    }
}
