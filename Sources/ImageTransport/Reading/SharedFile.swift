import Glibc
import SystemIO

/// An open file that several readers look into at once, each at an offset of its own.
final class SharedFile: Sendable {
    private let file: File

    init(_ file: consuming File) {
        self.file = file
    }

    /// Opens a regular file; anything else (a link, a pipe, a directory) in its place is refused.
    static func open(_ path: String, what: String, place: String) throws(TransportError) -> SharedFile {
        do {
            // Without O_NONBLOCK the opening of a pipe would wait for a writer.
            let file = try File.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
            guard try file.status().kind == .file else {
                throw TransportError.document(what: "\(what) in \(place)", reason: "it is not a regular file")
            }
            return SharedFile(file)
        } catch let error as TransportError {
            throw error
        } catch let error as SystemError {
            if error.isNotFound { throw .notFound(what: what, place: place) }
            guard error.code == ELOOP || error.code == ENXIO else { throw .system(error) }
            throw .document(what: "\(what) in \(place)", reason: "it is not a regular file")
        } catch {
            throw .notFound(what: what, place: place)
        }
    }

    var path: String { file.path }

    /// What the file system says of it; nil where it can't.
    var status: FileStatus? { try? file.status() }

    var size: Int64 {
        get throws(TransportError) {
            do { return try file.status().size } catch { throw .system(error) }
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(TransportError) -> Int {
        do { return try file.read(into: buffer, at: offset) } catch { throw .system(error) }
    }

    /// A reader of a stretch of the file.
    func reader(offset: Int64 = 0, count: Int64) -> any BlobReader {
        RangeReader(self, offset: offset, count: count)
    }

    private final class RangeReader: BlobReader {
        private let shared: SharedFile
        private let isFromStart: Bool
        private let count: Int64
        private var offset: Int64
        private var rest: Int64

        init(_ file: SharedFile, offset: Int64, count: Int64) {
            shared = file
            isFromStart = offset == 0
            self.count = count
            self.offset = offset
            rest = count
        }

        var file: FileStatus? {
            guard isFromStart, let status = shared.status, status.size == count else { return nil }
            return status
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
            let wanted = Int(min(Int64(buffer.count), rest))
            guard wanted > 0 else { return 0 }
            let count = try shared.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: offset)
            offset += Int64(count)
            rest -= Int64(count)
            return count
        }
    }
}
