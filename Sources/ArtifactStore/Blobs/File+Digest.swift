package import ContentAddress
package import SystemIO

extension File {
    /// The digest of all that follows the current position; `progress` gets the bytes read since its last call.
    package func digest(_ progress: (Int64) -> Void = { _ in }) throws(SystemError) -> Digest {
        try Digest.of { buffer throws(SystemError) in
            let count = try read(into: buffer)
            progress(Int64(count))
            return count
        }.digest
    }
}
