package import ContentAddress
package import SystemIO

extension File {
    /// The digest of all that follows the current position, read once in pieces; `progress` gets the size of each.
    package func digest(_ progress: (Int64) -> Void = { _ in }) throws(SystemError) -> Digest {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        var hasher = DigestHasher()
        while true {
            let count = try read(into: buffer)
            guard count > 0 else { return hasher.finalize() }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            progress(Int64(count))
        }
    }
}
