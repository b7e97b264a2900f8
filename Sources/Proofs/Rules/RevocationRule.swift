package import ArtifactStore
import ContentAddress
package import Release

/// The marks on releases that are to leave the store.
package enum RevocationRule {
    /// Which releases are revoked, or have files that are, in the order of the releases.
    package static func marked(
        _ releases: [ReleaseKey],
        in store: Store
    ) throws(StoreError) -> [(what: String, mark: Revocation)] {
        let marks = try store.revocationMarks()
        guard !marks.isEmpty else { return [] }
        var found: [(what: String, mark: Revocation)] = []
        for release in releases {
            if let mark = marks[release] { found.append(("\(release)", mark)) }
            for artifact in try store.artifacts(of: release) {
                if let mark = marks[artifact.digest] { found.append(("\(artifact.key)", mark)) }
            }
        }
        return found
    }
}
