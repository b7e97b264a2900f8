import ArtifactStore
import ContentAddress
import ImageTransport
import OCI

/// What is served under one name.
///
/// All calls block.
protocol Repository {
    /// The name.
    var name: RepositoryName { get }
    /// The tags behind `last`, in the order of their bytes, at most `limit`.
    ///
    /// Throws ``RegistryProblem`` where there is no such repository.
    func tags(after last: String, limit: Int) throws -> TagPage
    /// The manifest or index that has a tag; throws ``RegistryProblem`` where there is none.
    func manifest(_ tag: Tag) throws -> ServedManifest
    /// The manifest or index of a digest; nil where the repository has none.
    func manifest(_ digest: Digest) throws -> ImageDocument?
    /// What refers to a manifest of the repository, besides what was pushed there.
    func referrers(to subject: Digest) throws -> [Digest]
    /// Whether something was pushed or put there, be it without a tag.
    var isThere: Bool { get throws }
    /// The blob of a digest; nil where the repository has none.
    func blob(_ digest: Digest) throws -> ServedBlob?
}

/// A manifest or an index with its bytes, and the digest that clients know it by.
struct ServedManifest {
    let document: ImageDocument
    let name: String
}

/// Some tags of a repository.
struct TagPage: Equatable {
    var tags: [String]
    /// Where the next page begins; nil for the last one.
    var next: String?
}

/// A blob of a repository.
enum ServedBlob {
    /// It stands in the store, with this size.
    case stored(size: Int64)
    /// It was made just now.
    case made([UInt8])

    /// Its size in bytes.
    var size: Int64 {
        switch self {
        case .stored(let size): size
        case .made(let bytes): Int64(bytes.count)
        }
    }
}
