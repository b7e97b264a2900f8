import Archive
import ArtifactStore
import ContentAddress
import SystemIO

/// Reads files out of the layers of images in the store.
struct LayerMembers {
    let store: Store

    /// Hands out a range of a layer's uncompressed bytes, in pieces.
    ///
    /// The whole layer is read and hashed, so that what is taken from it is known to be what the image's config names.
    func read(
        _ layer: LayerReference,
        offset: Int64,
        size: Int64,
        _ sink: (UnsafeRawBufferPointer) throws(AssemblerError) -> Void
    ) throws(AssemblerError) {
        guard offset >= 0 else { throw .layer(layer.digest, "a sparse file of it can't be copied") }
        var position: Int64 = 0
        let found = try stream(layer.digest) { piece throws(AssemblerError) in
            let start = max(offset - position, 0)
            let end = min(offset + size - position, Int64(piece.count))
            if start < end { try sink(UnsafeRawBufferPointer(rebasing: piece[Int(start)..<Int(end)])) }
            position += Int64(piece.count)
        }
        guard found == layer.diffID else {
            throw .store(
                .damaged(digest: layer.digest, path: store.paths.blob(layer.digest), reason: "it unpacks to \(found)")
            )
        }
    }

    /// Hands out all of a layer's uncompressed bytes; gives their digest.
    func stream(
        _ digest: Digest,
        _ sink: (UnsafeRawBufferPointer) throws(AssemblerError) -> Void
    ) throws(AssemblerError) -> Digest {
        let file = try store.opened(digest)
        let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer {
            input.deallocate()
            output.deallocate()
        }
        var hasher = DigestHasher()
        var count = try system { () throws(SystemError) in try file.read(into: input) }
        do {
            var decompressor = try Decompressor(
                Compression(detecting: input[..<count].prefix(Compression.prefixLength))
            )
            while count > 0 {
                var piece = UnsafeRawBufferPointer(rebasing: input[..<count])
                while true {
                    let made = try decompressor.decompress(&piece, into: output)
                    guard made > 0 else { break }
                    let bytes = UnsafeRawBufferPointer(rebasing: output[..<made])
                    hasher.update(bytes)
                    try sink(bytes)
                }
                count = try system { () throws(SystemError) in try file.read(into: input) }
            }
            try decompressor.finish()
        } catch let error as CompressionError {
            throw .compression(error)
        } catch let error as AssemblerError {
            throw error
        } catch {
            throw .system(SystemError(call: "read", path: file.path, code: 5))
        }
        return hasher.finalize()
    }
}
