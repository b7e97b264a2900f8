import ContentAddress
import SystemIO

extension File {
    /// The digest of the whole file, read once in pieces.
    func digest() throws(SystemError) -> Digest {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        var hasher = DigestHasher()
        while true {
            let count = try read(into: buffer)
            guard count > 0 else { return hasher.finalize() }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
