internal import Archive
internal import Glibc
internal import SystemIO

/// The table of contents of a tar archive that an image is in, and random access to its files.
struct TarIndex: Sendable {
    /// Where a file's content lies.
    struct Place: Hashable, Sendable {
        let offset: Int64
        let count: Int64
    }

    private enum Item: Sendable {
        case file(Place)
        case link(String)
    }

    /// An image's archive has a few files for each layer; more than this is an attack on the memory.
    private static let largestCount = 100_000

    /// The archive's path, for messages.
    let path: String
    private let file: SharedFile
    private let isLayout: Bool
    private var items: [String: Item] = [:]

    /// Opens an archive; `-` is standard input.
    ///
    /// One that is compressed or a pipe is copied to an unnamed file first. An archive that must be an image layout and
    /// nothing else has no links and no paths that lead out of it, and each of its files stands in it once.
    init(opening path: String, isLayout: Bool = false) throws(TransportError) {
        try self.init(Self.seekable(path), path: path, isLayout: isLayout)
    }

    /// Reads the table of contents of an archive that lies in a file.
    init(_ file: SharedFile, path: String, isLayout: Bool = false) throws(TransportError) {
        self.file = file
        self.path = path
        self.isLayout = isLayout
        try readTable()
    }

    private static func seekable(_ path: String) throws(TransportError) -> SharedFile {
        do {
            let file = path == "-" ? File(adopting: dup(STDIN_FILENO), path: "standard input") : try File.open(path)
            let isRegular = try file.status().kind == .file && path != "-"
            if isRegular {
                let shared = SharedFile(file)
                let reader = shared.reader(count: try shared.size)
                let decompressed = try DecompressingReader(reader, what: path)
                return decompressed.compression == .none ? shared : try Spool.copy(decompressed)
            }
            return try Spool.copy(try DecompressingReader(FileReader(file), what: path))
        } catch let error as TransportError {
            throw error
        } catch let error as SystemError {
            throw error.isNotFound ? .notFound(what: "archive", place: path) : .system(error)
        } catch {
            throw .notFound(what: "archive", place: path)
        }
    }

    private mutating func readTable() throws(TransportError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        let size = try file.size
        var reader = TarReader(appliesGlobalHeaders: false)
        do {
            while !reader.isAtEnd {
                let count = try file.read(into: buffer, at: reader.offset)
                guard count > 0 else { break }
                var input = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                while !input.isEmpty, let event = try reader.next(&input) {
                    guard case .entry(let entry) = event else { continue }
                    try add(entry)
                    let skipped = reader.skipEntry()
                    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(Int(min(skipped, Int64(input.count)))))
                }
            }
            guard reader.offset <= size else { throw TarError(.truncated, at: size) }
            try reader.finish()
        } catch let error as TarError {
            throw .archive(what: path, error)
        } catch let error as TransportError {
            throw error
        } catch {
            throw .document(what: path, reason: "\(error)")
        }
    }

    private mutating func add(_ entry: TarEntry) throws(TransportError) {
        let name = Self.normal(String(decoding: entry.path, as: UTF8.self), from: "")
        if isLayout { try check(entry, name) }
        switch entry.kind {
        case .file:
            guard entry.extents == nil else { throw .document(what: "\(path): \(name)", reason: "it is a sparse file") }
            items[name] = .file(Place(offset: entry.contentOffset, count: entry.storedSize))
        // Old engines write a layer once and link to it from other folders.
        case .symbolicLink:
            items[name] = .link(
                Self.normal(String(decoding: entry.linkName, as: UTF8.self), from: Self.folder(of: name))
            )
        case .hardLink:
            items[name] = .link(Self.normal(String(decoding: entry.linkName, as: UTF8.self), from: ""))
        default: break
        }
        guard items.count <= Self.largestCount else {
            throw .tooLarge(
                what: "the list of files in \(path)",
                size: Int64(items.count),
                limit: Int64(Self.largestCount)
            )
        }
    }

    private func check(_ entry: TarEntry, _ name: String) throws(TransportError) {
        let written = String(decoding: entry.path, as: UTF8.self)
        let reason: String? =
            if written.hasPrefix("/") || written.split(separator: "/").contains("..") {
                "its path leads out of the archive"
            } else if entry.kind != .file && entry.kind != .directory {
                "it is neither a file nor a folder, and an image layout has nothing else"
            } else if items[name] != nil {
                "it stands there twice"
            } else {
                nil
            }
        if let reason { throw .document(what: "\(path): the entry '\(printable(written))'", reason: reason) }
    }

    /// Where a file lies, through links; nil when it isn't there.
    func place(of name: String) -> Place? {
        var name = Self.normal(name, from: "")
        // Longer chains than this are loops.
        for _ in 0..<16 {
            switch items[name] {
            case .file(let place): return place
            case .link(let target): name = target
            case nil: return nil
            }
        }
        return nil
    }

    /// A reader of a stretch of the archive.
    func reader(_ place: Place) -> any BlobReader {
        file.reader(offset: place.offset, count: place.count)
    }

    /// A small file's bytes.
    func bytes(of name: String, limit: Int64 = ImageDocument.largestSize) throws(TransportError) -> [UInt8] {
        guard let place = place(of: name) else { throw .notFound(what: name, place: path) }
        guard place.count <= limit else {
            throw .tooLarge(what: "\(path): \(name)", size: place.count, limit: limit)
        }
        return try readBytes(reader(place), count: Int(place.count))
    }

    // Names are looked up in the table and never opened, so all that counts is that equal places get equal names.
    private static func normal(_ name: String, from folder: String) -> String {
        var parts = name.hasPrefix("/") ? [] : folder.split(separator: "/")
        for part in name.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    private static func folder(of name: String) -> String {
        name.split(separator: "/").dropLast().joined(separator: "/")
    }
}

/// So many bytes of a reader; fewer when it ends.
func readBytes(_ reader: any BlobReader, count: Int) throws(TransportError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    let found = try reader.readFully(into: buffer)
    return Array(buffer[..<found])
}
