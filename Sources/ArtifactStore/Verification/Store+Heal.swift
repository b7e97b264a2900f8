package import ContentAddress
import OCI
import SystemIO

extension Store {
    /// Puts a blob's right bytes where they are missing or wrong; the wrong ones go into quarantine.
    ///
    /// `write` is given a sink and hands it the blob's bytes from wherever they are. They are hashed while they are
    /// written, and take the place only when they are those of the digest. At return they are on stable storage.
    /// Returns whether they were right; what `write` throws is thrown on, and nothing has changed then.
    package func heal(
        _ digest: Digest,
        _ write: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws -> Bool {
        guard isWritable else { throw StoreError.readOnly(path: paths.root) }
        let blob = try stage(write)
        guard blob.digest == digest else { return false }
        let publisher = BlobPublisher([blob], to: blobs)
        publisher.sync()
        publisher.publish(PublishTerms(time: now))
        try publisher.finish(in: index)
        return true
    }

    /// Moves a bad blob out of the way, to `quarantine/<hex>.<time>`: bytes that may be all that is left are never
    /// deleted.
    ///
    /// A put of the right bytes fills its place then. Returns where it is now, nil when there was no such file.
    package func quarantine(_ digest: Digest) throws(StoreError) -> String? {
        try blobs.setAside(digest, at: now)
    }
}
