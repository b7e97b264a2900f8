package import ContentAddress
import GRDB
package import OCI

extension Store {
    /// The tags that images of the store have in a repository, in the order of their bytes.
    ///
    /// `repository` is what stands before the tag in a name, with the registry where there is one. The list goes on
    /// behind `last`, for at most `limit` tags.
    package func tags(
        of repository: String,
        after last: String = "",
        limit: Int = .max
    ) throws(StoreError) -> [(tag: Tag, image: Digest)] {
        try index.read { try RepositoryRows.tags(of: repository, after: last, limit: limit, in: $0) }
    }

    /// The images with a name in a repository that reach a blob: the image itself, its manifests, configs and layers.
    package func images(of repository: String, reaching digest: Digest) throws(StoreError) -> [Digest] {
        try index.read { try RepositoryRows.images(of: repository, reaching: digest, in: $0) }
    }

    /// The image that has exactly this name, and no other spelling of it.
    package func image(named repository: String, tag: Tag) throws(StoreError) -> Digest? {
        try index.read { try ImageRows.image(named: "\(repository):\(tag)", in: $0) }
    }

    /// The media type of an image; nil for what isn't an image of the store.
    package func mediaType(of image: Digest) throws(StoreError) -> String? {
        try index.read { try ImageRows.mediaType(of: image, in: $0) }
    }
}
