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
    /// What is pushed there: documents and files that wait for their release, and what refers to one.
    private let pushed: ImageRepository

    /// Whether a repository is one of releases.
    static func isOne(_ name: RepositoryName) -> Bool { name.text.hasPrefix(prefix) }

    /// The repository of that name; nil where it is none of releases.
    init?(_ name: RepositoryName, store: Store, documents: ReleaseDocumentCache, pushed: DocumentCache) {
        guard name.text.hasPrefix(Self.prefix),
            let releases = try? RepositoryName(parsing: name.text.dropFirst(Self.prefix.count))
        else { return nil }
        self.name = name
        self.releases = releases
        self.store = store
        self.documents = documents
        self.pushed = ImageRepository(
            name: name,
            spellings: [],
            store: store,
            documents: pushed,
            drafts: DraftRule { _ in false }
        )
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
        if let found = try documents.document(digest, of: releases, in: store) { return found }
        if let found = try pushed.manifest(digest) { return found }
        if let made = try statement(digest) { return ImageDocument(mediaType: MediaType.imageManifest, bytes: made) }
        if let came = try referrers(reaching: digest).first(where: { $0.digest == digest }) {
            let bytes = try store.readBlob(digest, limit: Int(ImageDocument.largestSize))
            return ImageDocument(mediaType: came.mediaType, bytes: bytes, digest: digest)
        }
        return try waiting(digest)
    }

    /// The signed statements about a release, and what came with it.
    func referrers(to subject: Digest) throws -> [Digest] {
        guard let document = try documents.document(subject, of: releases, in: store) else { return [] }
        for release in try store.releases(of: releases) {
            let source = try ReleaseSource(store: store, release: release.key)
            guard source.has(document) else { continue }
            return try source.referrers(to: document.descriptor).map(\.digest)
        }
        return []
    }

    var isThere: Bool {
        get throws { try !store.releases(of: releases).isEmpty || pushed.isThere }
    }

    func blob(_ digest: Digest) throws -> ServedBlob? {
        let config = ReleaseDocuments.config
        if digest == config.digest, try isThere { return .made(config.bytes) }
        if let found = try store.artifacts(with: digest).first(where: { $0.key.name == releases }) {
            return .stored(size: found.size)
        }
        if let found = try pushed.blob(digest) ?? statement(digest).map({ .made($0) }) { return found }
        guard let size = try store.blobSize(digest), try !referrers(reaching: digest).isEmpty else { return nil }
        return .stored(size: size)
    }

    /// What came into the store with a release of the repository, is attached to it, and reaches a blob.
    private func referrers(reaching digest: Digest, depth: Int = 1) throws -> [StoredReferrer] {
        try store.referrers(reaching: digest).filter { referrer in
            if try documents.document(referrer.subject, of: releases, in: store) != nil { return true }
            guard depth < Self.largestDepth else { return false }
            return try referrers(reaching: referrer.subject, depth: depth + 1)
                .contains { $0.digest == referrer.subject }
        }
    }

    /// How far referrers of referrers are followed.
    private static let largestDepth = 4

    /// A document of a release that is being pushed, which waits as blobs do.
    private func waiting(_ digest: Digest) throws -> ImageDocument? {
        guard let size = try store.blobSize(digest), size <= ImageDocument.largestSize,
            try store.isPushed(digest, to: name.text)
        else { return nil }
        let bytes = try store.readBlob(digest, limit: Int(ImageDocument.largestSize))
        for type in [MediaType.imageManifest, MediaType.imageIndex] {
            let document = ImageDocument(mediaType: type, bytes: bytes, digest: digest)
            if (try? document.isPartOfRelease()) == true { return document }
        }
        return nil
    }

    /// A manifest or a blob by which a statement of the store refers to a release: nothing keeps them.
    private func statement(_ digest: Digest) throws -> [UInt8]? {
        for release in try store.releases(of: releases) {
            guard let source = try? ReleaseSource(store: store, release: release.key) else { continue }
            if let bytes = try source.statement(digest) { return bytes }
        }
        return nil
    }
}
