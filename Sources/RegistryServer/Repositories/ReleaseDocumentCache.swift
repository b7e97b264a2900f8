import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Release
import Synchronization

/// The documents of releases, which no store keeps: each is made anew when a file has come to the release or has gone.
final class ReleaseDocumentCache: Sendable {
    private struct Entry {
        let artifacts: [Artifact]
        let documents: ReleaseDocuments
    }

    private let entries = Mutex<[ReleaseKey: Entry]>([:])

    /// More releases than these are made anew.
    private static let most = 4096

    /// A release's documents; nil where there is no such release.
    ///
    /// Throws ``TransportError`` for a release that has no documents, since two of its files would have one name.
    func documents(of release: ReleaseKey, in store: Store) throws -> ReleaseDocuments? {
        let artifacts = try store.artifacts(of: release)
        return artifacts.isEmpty ? nil : try documents(of: release, artifacts)
    }

    /// The index or manifest of a digest among all releases of a name.
    func document(_ digest: Digest, of name: RepositoryName, in store: Store) throws -> ImageDocument? {
        for release in try store.releases(of: name) {
            guard let documents = try? documents(of: release.key, release.artifacts) else { continue }
            if let found = ([documents.index] + documents.manifests).first(where: { $0.digest == digest }) {
                return found
            }
        }
        return nil
    }

    private func documents(of release: ReleaseKey, _ artifacts: [Artifact]) throws -> ReleaseDocuments {
        if let entry = entries.withLock({ $0[release] }), entry.artifacts == artifacts { return entry.documents }
        let documents = try ReleaseDocuments(release, artifacts)
        entries.withLock { entries in
            if entries.count >= Self.most { entries.removeAll() }
            entries[release] = Entry(artifacts: artifacts, documents: documents)
        }
        return documents
    }
}
