import ContentAddress
import ImageTransport
import OCI

/// The images that a top document leads to: itself, or the manifests of an index, and what an archive has beside it.
///
/// Every member is read. Passed over is only what no engine runs: what has neither a real platform nor an image's media
/// type or config, and statements about other members; they are counted.
struct IndexReading {
    /// One image, and the platform that the index offers it for.
    struct Child {
        let document: ImageDocument
        let claimed: Platform?
    }

    /// A manifest that the index offers, and for which platform.
    struct Member: Codable, Hashable, Sendable {
        let manifest: Digest
        let claimed: String?
    }

    var images: [Child] = []
    /// All that the index offers, whether or not it was asked for; what wasn't read of an index in it stands for
    /// itself.
    var members: [Member] = []
    /// The documents that were read to find them.
    var documents: [Digest] = []
    var attestationCount = 0
    var findings: [Finding] = []
}
