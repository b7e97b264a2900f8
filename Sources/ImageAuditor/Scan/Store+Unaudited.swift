package import ArtifactStore
package import ContentAddress
import ImageTransport

extension Store {
    /// How many images of the store no audit has looked at; artifacts, which no engine runs, aren't counted.
    package func unauditedImageCount() throws(StoreError) -> Int {
        try unauditedImages().count { !isArtifact($0.digest, mediaType: $0.mediaType) }
    }

    /// Those of some unaudited images that are releases or other artifacts.
    package func unauditedArtifacts(among digests: some Collection<Digest>) throws(StoreError) -> Set<Digest> {
        let wanted = Set(digests)
        let found = try unauditedImages().filter { image in
            wanted.contains(image.digest) && isArtifact(image.digest, mediaType: image.mediaType)
        }
        return Set(found.map(\.digest))
    }

    /// Whether what is kept as an image is a release or another artifact, as an audit would find; false for what can't be
    /// read, which an audit calls damaged.
    package func isArtifact(_ digest: Digest, mediaType: String) -> Bool {
        guard let bytes = try? readBlob(digest, limit: Int(ImageDocument.largestSize)) else { return false }
        let document = ImageDocument(mediaType: mediaType, bytes: bytes, digest: digest)
        if (try? document.isRelease()) == true { return true }
        return IndexReader.isArtifact(
            document,
            of: StoreSource(store: self, document: document, name: digest.description)
        )
    }
}
