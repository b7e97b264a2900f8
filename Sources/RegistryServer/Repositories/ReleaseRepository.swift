import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Release

/// The releases of one name, as OCI artifacts with their versions as tags (docs/bundle-format.md, section 2).
struct ReleaseRepository: Repository {
    /// What stands before a release's name.
    static let prefix = "releases/"

    let name: RepositoryName
    let releases: RepositoryName
    let store: Store
    let documents: ReleaseDocumentCache

    /// The repository of that name; nil where it is none of releases.
    init?(_ name: RepositoryName, store: Store, documents: ReleaseDocumentCache) {
        guard name.text.hasPrefix(Self.prefix),
            let releases = try? RepositoryName(parsing: name.text.dropFirst(Self.prefix.count))
        else { return nil }
        self.name = name
        self.releases = releases
        self.store = store
        self.documents = documents
    }

    func tags(after last: String, limit: Int) throws -> TagPage {
        let releases = try store.releases(of: releases)
        guard !releases.isEmpty else { throw RegistryProblem.unknownName(name.text) }
        let all = releases.map(\.key.version.text)
            .filter { last.utf8.lexicographicallyPrecedes($0.utf8) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let page = Array(all.prefix(limit))
        return TagPage(tags: page, next: all.count > limit ? page.last : nil)
    }

    func manifest(_ tag: Tag) throws -> ServedManifest {
        let release = ReleaseKey(name: releases, version: try Version(parsing: tag.text))
        guard let documents = try documents.documents(of: release, in: store) else {
            throw RegistryProblem.unknownManifest(tag.text, in: name.text)
        }
        return ServedManifest(document: documents.index, name: "\(documents.index.digest)")
    }

    func manifest(_ digest: Digest) throws -> ImageDocument? {
        try documents.document(digest, of: releases, in: store)
    }

    func referrers(to subject: Digest) throws -> [StoredReferrer] { [] }

    var isThere: Bool {
        get throws { try !store.releases(of: releases).isEmpty }
    }

    func blob(_ digest: Digest) throws -> ServedBlob? {
        let config = ReleaseDocuments.config
        if digest == config.digest, try !store.releases(of: releases).isEmpty { return .made(config.bytes) }
        return try store.artifacts(with: digest).first { $0.key.name == releases }.map { .stored(size: $0.size) }
    }
}
