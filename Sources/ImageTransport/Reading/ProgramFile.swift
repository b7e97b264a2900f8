package import SystemIO

/// One program's bytes in a file that has no name and goes with this value: what it says of itself stands anywhere in
/// them.
package final class ProgramFile {
    package let file: File
    /// How many bytes were written.
    package private(set) var size: Int64 = 0

    package init() throws(TransportError) {
        do { file = try File.unnamed(in: Directory.temporary) } catch { throw .system(error) }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) {
        do { try file.write(bytes, at: size) } catch { throw .system(error) }
        size += Int64(bytes.count)
    }

    /// The first bytes.
    package func begin(_ bytes: [UInt8]) throws(TransportError) {
        do { try file.write(bytes) } catch { throw .system(error) }
        size = Int64(bytes.count)
    }

    /// Adds so many zeros.
    package func skip(_ count: Int64) throws(TransportError) {
        do { try file.setSize(size + count) } catch { throw .system(error) }
        size += count
    }

    package func mapped() throws(SystemError) -> MappedFile { try MappedFile(file) }
}
