import ArtifactStore
import ContentAddress
package import SystemIO

/// A file that is written from its start to its end, but for headers that are corrected later; it gets its name when it
/// is whole.
package final class PackedFile {
    /// How many bytes it has.
    private(set) var size: Int64 = 0
    private var file: AtomicFile?

    init(_ path: String) throws(SystemError) {
        file = try AtomicFile.create(path)
    }

    func append(_ bytes: [UInt8]) throws(SystemError) {
        try overwrite(bytes, at: size)
        size += Int64(bytes.count)
    }

    func overwrite(_ bytes: [UInt8], at offset: Int64) throws(SystemError) {
        let failure: SystemError? = bytes.withUnsafeBytes { buffer -> SystemError? in
            do throws(SystemError) {
                try file?.file.write(buffer, at: offset)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// The digest of what was written.
    func digest() throws(SystemError) -> Digest {
        try file?.file.digest() ?? Digest.of([])
    }

    /// Hands out what was written, in pieces.
    package func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard file != nil else { return }
        var offset: Int64 = 0
        try ReadBuffer().pass(
            from: { buffer in
                let count = try file?.file.read(into: buffer, at: offset) ?? 0
                offset += Int64(count)
                return count
            },
            to: body
        )
    }

    /// Puts it in its place.
    package func commit() throws(SystemError) {
        try file.take()?.commit()
    }
}
