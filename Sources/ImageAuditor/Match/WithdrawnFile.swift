import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

/// A file of an image whose every release was removed.
struct WithdrawnFile {
    let file: AuditedFile
    /// The removal that counts: one for a fault before one that is a note, then the release that fits the image best.
    let stone: Tombstone

    /// Nil where nothing shows that the file is of a removed release: see ``WithdrawalEvidence``.
    init?(_ file: AuditedFile, _ matched: MatchedImage, _ evidence: WithdrawalEvidence) throws(StoreError) {
        guard let all = file.digest.flatMap({ matched.withdrawn[$0] }) else { return nil }
        var stones: [Tombstone] = []
        for stone in all {
            if try evidence.isShown(stone.key, by: file) { stones.append(stone) }
        }
        let keys = file.artifacts.map(\.key)
        let ordered = stones.sorted { left, right in
            keys.firstIndex(of: left.key) ?? keys.count < keys.firstIndex(of: right.key) ?? keys.count
        }
        guard let stone = ordered.first(where: { !$0.isNote }) ?? ordered.first else { return nil }
        (self.file, self.stone) = (file, stone)
    }

    /// `app 1.2.3 linux/amd64, removed 2026-11-27: wrong binary`.
    var finding: Finding {
        let reason = stone.reason.map { ": \(printable($0))" } ?? ""
        return Finding(
            stone.isNote ? .expired : .withdrawn,
            layer: file.layer,
            path: file.path,
            "it is \(stone.key), removed \(stone.removedAt.rfc3339.prefix(10))\(reason)",
            found: stone.digest.description
        )
    }
}

/// Whether a removed or revoked release's bytes show that an image has something of that release: an empty file or a
/// license is the same in many places.
struct WithdrawalEvidence {
    private let store: Store
    /// The releases of which a program is in the image.
    private let present: Set<ReleaseKey>
    private let known = Known()

    // Of many files with the same bytes the store is asked once.
    private final class Known {
        var hasNoProgram: [ReleaseKey: Bool] = [:]
    }

    /// Fewer bytes are evidence of nothing.
    private static let smallestSize: Int64 = 16

    init(_ matched: MatchedImage, store: Store) {
        self.store = store
        present = Set(matched.files.lazy.flatMap(\.artifacts).map(\.key).filter(\.isProgram).map(\.release))
    }

    /// A program's bytes do; another file's do beside a program of its release, and where its release has no program.
    func isShown(_ key: ArtifactKey, by file: AuditedFile) throws(StoreError) -> Bool {
        guard file.size >= Self.smallestSize else { return false }
        let release = key.release
        if key.isProgram || present.contains(release) { return true }
        if let hasNoProgram = known.hasNoProgram[release] { return hasNoProgram }
        let keys = try store.artifacts(of: release).map(\.key) + store.withdrawn(release).map(\.key)
        let hasNoProgram = !keys.contains(where: \.isProgram)
        known.hasNoProgram[release] = hasNoProgram
        return hasNoProgram
    }
}
