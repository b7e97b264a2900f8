import Archive
import Glibc
import SystemIO

/// Turns what can only be read once, such as a pipe or an engine's answer, into a file that has no name and takes disk
/// instead of memory.
enum Spool {
    /// Copies everything; the file goes when it is closed.
    ///
    /// Throws ``TransportError/spent(what:_:)`` beyond the budget.
    static func copy(
        _ reader: any BlobReader,
        what: String,
        budget: WorkBudget,
        as resource: WorkBudget.Resource
    ) throws(TransportError) -> SharedFile {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        do {
            let file = try makeFile()
            while true {
                let count = try reader.read(into: buffer)
                guard count > 0 else { break }
                do { try budget.take(Int64(count), resource) } catch { throw TransportError.spent(what: what, error) }
                try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            return SharedFile(file)
        } catch let error as TransportError {
            throw error
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw .system(SystemError(call: "write", path: directory, code: EIO))
        }
    }

    static var directory: String { Directory.temporary }

    /// An empty file without a name.
    static func unnamedFile() throws(TransportError) -> File {
        do { return try makeFile() } catch { throw .system(error) }
    }

    private static func makeFile() throws(SystemError) -> File {
        do {
            return try File.unnamed(in: directory)
        } catch  where [EOPNOTSUPP, EISDIR, EINVAL].contains(error.code) {
            let name = "\(directory)/bindery-\(getpid())-\(UInt64.random(in: .min ... .max)).spool"
            let file = try File.open(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
            try Directory.remove(name)
            return file
        }
    }
}

/// An open descriptor, read to its end.
final class FileReader: BlobReader {
    private let file: File

    init(_ file: consuming File) {
        self.file = file
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        do { return try file.read(into: buffer) } catch { throw .system(error) }
    }
}

/// Earns a budget what is read through it.
final class EarningReader: BlobReader {
    private let reader: any BlobReader
    private let budget: WorkBudget

    init(_ reader: any BlobReader, _ budget: WorkBudget) {
        self.reader = reader
        self.budget = budget
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        let piece = try reader.read(into: buffer)
        budget.earn(Int64(piece))
        return piece
    }
}
