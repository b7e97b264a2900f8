import ContentAddress
package import SystemIO

/// A blob that is checked while it is read: nobody sees its end unless size and digest are those that were promised.
///
/// What is read before the end may turn out to be wrong: act on it only after ``read(into:)`` has returned 0.
package final class BlobStream: BlobReader {
    /// What it is, for messages.
    package let what: String
    /// How many bytes it must have.
    package let size: Int64
    /// Told of the bytes that have passed since it was told last.
    var passed: (Int64) -> Void = { _ in }
    private let expected: Digest
    private let reader: any BlobReader
    private var count: Int64 = 0
    // nil once the digest has been compared.
    private var hasher: DigestHasher?

    init(_ reader: any BlobReader, what: String, size: Int64, digest: Digest) {
        self.reader = reader
        self.what = what
        self.size = size
        expected = digest
        hasher = DigestHasher()
    }

    /// Reads up to the buffer's size; 0 at the end, which is checked.
    ///
    /// Throws ``TransportError/size(what:expected:found:)`` or ``TransportError/digest(what:expected:found:)`` when the
    /// bytes aren't those that the descriptor names, at the first byte too many already.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        guard hasher != nil else { return 0 }
        let piece = try reader.read(into: buffer)
        guard piece > 0 else {
            try finish()
            return 0
        }
        guard Int64(piece) <= size - count else { throw .size(what: what, expected: size, found: nil) }
        count += Int64(piece)
        hasher?.update(UnsafeRawBufferPointer(rebasing: buffer[..<piece]))
        passed(Int64(piece))
        return piece
    }

    /// The file that is read.
    package var file: FileStatus? { reader.file }

    /// All of it.
    ///
    /// For small blobs: the caller has looked at ``size``.
    package func readAll() throws(TransportError) -> [UInt8] {
        guard let count = Int(exactly: size) else { throw .tooLarge(what: what, size: size, limit: Int64(Int.max)) }
        var bytes = [UInt8](repeating: 0, count: count)
        var position = 0
        while position < count {
            let piece = try readPiece(&bytes, at: position)
            guard piece > 0 else { break }
            position += piece
        }
        // One more read: for the check at the end, and for a blob that is longer than it says.
        var rest: [UInt8] = [0]
        while try readPiece(&rest, at: 0) > 0 {}
        return bytes
    }

    /// Reads all of it and keeps nothing; `progress` gets the number of bytes that are done since its last call.
    func skipAll(_ progress: (Int64) -> Void) throws(TransportError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        while case let count = try read(into: buffer), count > 0 { progress(Int64(count)) }
    }

    private func readPiece(_ bytes: inout [UInt8], at position: Int) throws(TransportError) -> Int {
        var result: Result<Int, TransportError> = .success(0)
        bytes.withUnsafeMutableBytes { buffer in
            do throws(TransportError) {
                result = .success(try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[position...])))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    private func finish() throws(TransportError) {
        guard let hasher = hasher.take() else { return }
        guard count == size else { throw .size(what: what, expected: size, found: count) }
        let found = hasher.finalize()
        guard found == expected else { throw .digest(what: what, expected: expected, found: found) }
    }
}
