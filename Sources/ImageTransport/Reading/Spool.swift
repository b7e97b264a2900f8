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
        let file = try unnamedFile()
        try reader.forEachPiece { bytes throws(TransportError) in
            do throws(WorkBudget.Spent) {
                try budget.take(Int64(bytes.count), resource)
            } catch {
                throw .spent(what: what, error)
            }
            do throws(SystemError) { try file.write(bytes) } catch { throw .system(error) }
        }
        return SharedFile(file)
    }

    static var directory: String { Directory.temporary }

    /// An empty file without a name.
    static func unnamedFile() throws(TransportError) -> File {
        do { return try File.unnamed(in: directory) } catch { throw .system(error) }
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
