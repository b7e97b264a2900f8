import ContentAddress
import ImageTransport
import RegistryClient

/// The bytes at an address, hashed.
enum WebDigest {
    /// The digest of what is there; nil where there is nothing.
    ///
    /// Throws ``ImageTransport/TransportError/size(what:expected:found:)`` for more bytes than the limit, which are other
    /// ones whatever follows.
    static func read(_ address: String, _ web: WebFiles, limit: Int64) throws(TransportError) -> Digest? {
        let reader: any BlobReader
        do throws(TransportError) {
            reader = try web.open(address)
        } catch {
            guard error.isNothingThere else { throw error }
            return nil
        }
        var hasher = DigestHasher()
        var size: Int64 = 0
        try reader.forEachPiece { piece throws(TransportError) in
            size += Int64(piece.count)
            guard size <= limit else { throw .size(what: address, expected: limit, found: nil) }
            hasher.update(piece)
        }
        return hasher.finalize()
    }
}
