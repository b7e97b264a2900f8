import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Printable

/// Which marks of a bundle count beside those that are known: nobody signs their order, so that it is what their statements
/// say, and an old one that ends or weakens a later one doesn't count.
enum MarkOrder {
    /// The earliest first; those of one time as they stood.
    static func sorted(_ marks: [Revocation]) -> [Revocation] {
        marks.map { (time: time(of: $0), mark: $0) }.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element.mark)
    }

    /// Those of `offered` that count, the earliest first, without what `known` has; all of them are on one subject.
    ///
    /// `known` is what is here, in the order in which it came; `warn` is told of each that is too old.
    static func counting(
        _ offered: [Revocation],
        beside known: [Revocation],
        warn: (Message) -> Void
    ) -> [Revocation] {
        var seen = Set(known.compactMap(identity))
        var all = known
        var counting: [Revocation] = []
        for mark in sorted(offered) where identity(of: mark).map({ seen.insert($0).inserted }) ?? true {
            let time = time(of: mark)
            let stronger = all.filter { $0.level.strength > mark.level.strength && self.time(of: $0) >= time }
            if let standing = all.last, standing.level.strength > mark.level.strength, let later = stronger.last {
                warn(
                    """
                    a mark of \(time.rfc3339) (\(mark.level.word): \(mark.reason)) doesn't count: it is older than that of \
                    \(self.time(of: later).rfc3339) (\(later.level.word): \(later.reason))
                    """
                )
                continue
            }
            all.append(mark)
            counting.append(mark)
        }
        return counting
    }

    /// When a mark was made: as its statement says, whenever it came here.
    private static func time(of mark: Revocation) -> Timestamp {
        guard let statement = statement(of: mark), let said = try? RevocationStatement.read(statement, what: "a mark")
        else { return mark.revokedAt }
        return said.time
    }

    // Not the envelope, which others may write in another way.
    private static func identity(of mark: Revocation) -> [Digest]? {
        guard let proof = mark.proof, let statement = statement(of: mark) else { return nil }
        return [proof.key, Digest.of(statement.bytes)]
    }

    private static func statement(of mark: Revocation) -> Statement? {
        guard let proof = mark.proof, let envelope = try? Envelope(parsing: proof.bytes, what: "a mark") else {
            return nil
        }
        return try? Statement(parsing: envelope.payload, what: "a mark")
    }
}

extension Revocation.Level {
    /// How much it refuses.
    fileprivate var strength: Int {
        switch self {
        case .lifted: 0
        case .warned: 1
        case .denied: 2
        }
    }
}
