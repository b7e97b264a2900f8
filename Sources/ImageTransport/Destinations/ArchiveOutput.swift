import Glibc
import SystemIO

/// Where the bytes of an archive go: into a file that gets its name when it is whole, or to standard output.
final class ArchiveOutput {
    private var file: AtomicFile?
    private let stream: File?

    /// Opens a file, or standard output for `-`; `what` is the destination as it was written.
    ///
    /// Throws ``TransportError/reference(_:rule:)`` where standard output is a terminal.
    init(_ path: String, what: String) throws(TransportError) {
        do throws(SystemError) {
            if path == "-" {
                guard isatty(STDOUT_FILENO) == 0 else {
                    throw SystemError(call: "write", path: "standard output", code: ENOTTY)
                }
                stream = try StandardStream.output()
            } else {
                stream = nil
                file = try AtomicFile.create(path, followingLinks: true)
            }
        } catch {
            guard path == "-", error.code == ENOTTY else { throw .system(error) }
            throw .reference(what, rule: "standard output is a terminal: send it to a file or a pipe")
        }
    }

    /// Reserves room in a file, so that a full disk is known before the first byte.
    func reserve(_ size: Int64) throws(TransportError) {
        do { try file?.file.reserve(size) } catch { throw .system(error) }
    }

    /// Writes bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) {
        do {
            try stream?.write(bytes)
            try file?.file.write(bytes)
        } catch {
            throw .system(error)
        }
    }

    /// Writes bytes.
    func write(_ bytes: [UInt8]) throws(TransportError) {
        do {
            try stream?.write(bytes)
            try file?.file.write(bytes)
        } catch {
            throw .system(error)
        }
    }

    /// Copies a file's bytes, inside the kernel where that works.
    func append(_ source: borrowing File, count: Int64) throws(TransportError) {
        do {
            try stream?.append(source, count: count)
            try file?.file.append(source, count: count)
        } catch {
            throw .system(error)
        }
    }

    /// Gives a file its name; nothing can be written afterwards.
    func commit() throws(TransportError) {
        guard let file = file.take() else { return }
        do {
            // Gives back what was reserved and isn't needed.
            try file.file.setSize(try file.file.status().size)
            try file.commit(durable: false)
        } catch {
            throw .system(error)
        }
    }
}
