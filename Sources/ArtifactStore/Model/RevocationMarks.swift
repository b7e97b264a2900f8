package import ContentAddress
package import Release

/// The marks that count now: of each subject the latest, unless it lifted the others.
package struct RevocationMarks: Sendable {
    private let bySubject: [Revocation.Subject: Revocation]

    init(_ history: [Revocation]) {
        bySubject = Dictionary(history.map { ($0.subject, $0) }) { _, latest in latest }
            .filter { $0.value.level != .lifted }
    }

    /// Whether nothing is revoked.
    package var isEmpty: Bool { bySubject.isEmpty }

    /// All of them.
    package var all: Dictionary<Revocation.Subject, Revocation>.Values { bySubject.values }

    /// The mark on a release.
    package subscript(_ release: ReleaseKey) -> Revocation? { bySubject[.release(release)] }

    /// The mark on bytes.
    package subscript(_ digest: Digest) -> Revocation? { bySubject[.bytes(digest)] }

    /// The mark that counts for bytes which these releases have, the likeliest first: that on the bytes, else that on
    /// the first release, where all of them are revoked.
    package func mark(on digest: Digest, of releases: [ReleaseKey]) -> Revocation? {
        if let mark = self[digest] { return mark }
        guard releases.allSatisfy({ self[$0] != nil }) else { return nil }
        return releases.first.flatMap { self[$0] }
    }

    /// Every mark that concerns artifacts of one digest.
    package func marks(on artifacts: [Artifact]) -> [Revocation] {
        artifacts.first.map { marks(on: $0.digest, of: artifacts.map(\.key.release)) } ?? []
    }

    /// Every mark that concerns bytes or one of the releases that have them.
    package func marks(on digest: Digest, of releases: [ReleaseKey]) -> [Revocation] {
        [self[digest]].compactMap(\.self) + Set(releases).compactMap { self[$0] }
    }
}
