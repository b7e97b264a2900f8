import Archive
import Glibc
import Printable
import SystemIO

/// The table of contents of a tar archive that an image is in, and random access to its files.
struct TarIndex: Sendable {
    typealias Place = TarTable.Place

    /// The archive's path, for messages.
    let path: String
    private let file: SharedFile
    private var size: Int64 = 0
    private let isLayout: Bool
    private let budget: WorkBudget
    private var table = TarTable()

    /// Why engines or tools read the archive in different ways.
    var ambiguities: [TransportError] { table.reasons.map { .ambiguousContainer(place: path, reason: $0) } }

    /// Whether an archive of which something is missing is not an image's in any reading.
    ///
    /// Otherwise what is missing or wrong in one reading may be there in another.
    var isOfNoImage: Bool { !table.isRearranged && !Self.marks.contains { table.has(ArchiveName($0.utf8)) } }

    // Of these every image has one, and whatever engines do with links, none comes from elsewhere.
    private static let marks = ["index.json", "manifest.json", "oci-layout", "repositories"]

    /// Opens an archive; `-` is standard input.
    ///
    /// One that is compressed or a pipe is copied to an unnamed file first, as far as the budget allows. An archive
    /// that must be an image layout and nothing else has no links and no paths that lead out of it, and each of its
    /// files stands in it once.
    init(
        opening path: String,
        isLayout: Bool = false,
        budget: WorkBudget = WorkBudget()
    ) throws(TransportError) {
        let (file, isUnclear) = try Self.seekable(path, budget)
        try self.init(file, path: path, isLayout: isLayout, budget: budget)
        if isUnclear { table.addUnclearStart() }
    }

    /// Reads the table of contents of an archive that lies in a file.
    init(
        _ file: SharedFile,
        path: String,
        isLayout: Bool = false,
        budget: WorkBudget = WorkBudget()
    ) throws(TransportError) {
        self.file = file
        self.budget = budget
        self.path = path
        self.isLayout = isLayout
        try readTable()
    }

    private static func seekable(
        _ path: String,
        _ budget: WorkBudget
    ) throws(TransportError) -> (file: SharedFile, hasUnclearStart: Bool) {
        do {
            if path == "-", isatty(STDIN_FILENO) == 1 {
                throw TransportError.reference("-", rule: "standard input is a terminal: give it a file or a pipe")
            }
            let file = try path == "-" ? StandardStream.input() : File.open(path)
            let kind = try file.status().kind
            // It may never end.
            guard kind != .characterDevice else {
                throw TransportError.unsuitable(
                    path == "-" ? "standard input" : path,
                    rule: "it is a \(kind.rawValue), not an archive"
                )
            }
            let isRegular = kind == .file && path != "-"
            guard isRegular else { return try copy(FileReader(file), path, budget) }
            let shared = SharedFile(file)
            let size = try shared.size
            let start = try DecompressingReader(shared.reader(count: size), what: path)
            guard start.compression == .none else { return try copy(shared.reader(count: size), path, budget) }
            budget.earn(size)
            budget.stopEarning()
            return (shared, false)
        } catch let error as TransportError {
            throw error
        } catch let error as SystemError {
            throw error.isNotFound ? .notFound(what: "archive", place: path) : .system(error)
        } catch {
            throw .notFound(what: "archive", place: path)
        }
    }

    private static func copy(
        _ reader: any BlobReader,
        _ path: String,
        _ budget: WorkBudget
    ) throws(TransportError) -> (file: SharedFile, hasUnclearStart: Bool) {
        let reader = try DecompressingReader(EarningReader(reader, budget), what: path, budget: budget)
        let isPlain = reader.compression == .none
        // The archive's own bytes earn, not what is in them.
        defer { budget.stopEarning() }
        let file = try Spool.copy(reader, what: path, budget: budget, as: isPlain ? .copied : .unpacked)
        return (file, reader.hasUnclearStart)
    }

    private mutating func readTable() throws(TransportError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        size = try file.size
        var reader = TarReader(appliesGlobalHeaders: false)
        do {
            while !reader.isAtEnd {
                let count = try file.read(into: buffer, at: reader.offset)
                guard count > 0 else { break }
                var input = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                while !input.isEmpty, let event = try reader.next(&input) {
                    if case .globalHeader(let records) = event { table.addGlobalHeader(records) }
                    guard case .entry(let entry) = event else { continue }
                    try add(entry)
                    let skipped = reader.skipEntry()
                    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(Int(min(skipped, Int64(input.count)))))
                }
                try reader.count(in: budget)
            }
            guard reader.offset <= size else { throw TarError(.truncated, at: size) }
            try reader.finish()
            table.finish(hasTrailer: try hasBytes(from: reader.offset, to: size))
        } catch let error as TarError {
            throw .archive(what: path, error)
        } catch let error as TransportError {
            throw error
        } catch let spent as WorkBudget.Spent {
            throw .spent(what: "the list of files in \(path)", spent)
        } catch {
            throw .document(what: path, reason: "\(error)")
        }
    }

    private mutating func add(_ entry: TarEntry) throws(TransportError) {
        if isLayout { try check(entry, ArchiveName(entry.path)) }
        let before = table.count
        table.add(entry)
        let added = Int64(table.count - before)
        do {
            try budget.take(Int64(Self.entrySteps + entry.path.count / 32) + added, .steps)
            try budget.take(added * Int64(Self.nameCost + entry.path.count), .memory)
        } catch {
            throw .spent(what: "the list of files in \(path)", error)
        }
        guard table.count <= TarTable.largestCount else {
            throw .tooLarge(
                what: "the list of files in \(path)",
                size: Int64(table.count),
                limit: Int64(TarTable.largestCount),
                unit: "entries"
            )
        }
    }

    // What an entry costs beside its path, in steps of about 100 ns, and a name in bytes of memory.
    private static let entrySteps = 16
    private static let nameCost = 160

    // Engines stop at the end; what comes behind it is read by tools that join archives.
    private func hasBytes(from start: Int64, to end: Int64) throws(TransportError) -> Bool {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        var offset = start
        while offset < end {
            let count = try file.read(into: buffer, at: offset)
            guard count > 0 else { return false }
            if buffer[..<count].contains(where: { $0 != 0 }) { return true }
            offset += Int64(count)
        }
        return false
    }

    private func check(_ entry: TarEntry, _ name: ArchiveName) throws(TransportError) {
        let written = String(decoding: entry.path, as: UTF8.self)
        let reason: String? =
            if written.hasPrefix("/") || written.split(separator: "/").contains("..") {
                "its path leads out of the archive"
            } else if entry.kind != .file && entry.kind != .directory {
                "it is neither a file nor a directory, and an image layout has nothing else"
            } else if table.hasFile(name) || (entry.kind == .file && table.has(name)) {
                "it stands there twice"
            } else {
                nil
            }
        if let reason { throw .document(what: "\(path): the entry '\(printable(written))'", reason: reason) }
    }

    /// Where a file lies, through links; nil when it isn't there.
    func place(of name: String) -> Place? { table.place(of: name) }

    /// A reader of a stretch of the archive.
    func reader(_ place: Place) -> any BlobReader {
        file.reader(offset: place.offset, count: place.count)
    }

    // What is there instead says which transport is meant.
    private func missing(_ name: String) -> TransportError {
        let others = [
            "index.json": ("manifest.json", "docker-archive"), "manifest.json": ("index.json", "oci-archive"),
        ]
        guard let (other, transport) = others[name], place(of: other) != nil else {
            let hint =
                ": nothing in it is an image's; root file systems, as `docker export` writes them, are read unpacked, as rootfs:DIR"
            return .notFound(what: name, place: path + (isOfNoImage ? hint : ""))
        }
        return .notFound(what: name, place: "\(path): it has \(other), so it is \(transport):\(path)")
    }

    /// A small file's bytes.
    func bytes(of name: String, limit: Int64 = ImageDocument.largestSize) throws(TransportError) -> [UInt8] {
        guard let place = place(of: name) else { throw missing(name) }
        guard place.count <= limit else {
            throw .tooLarge(what: "\(path): \(name)", size: place.count, limit: limit)
        }
        return try readBytes(reader(place), count: Int(place.count))
    }
}

/// So many bytes of a reader; fewer when it ends.
func readBytes(_ reader: any BlobReader, count: Int) throws(TransportError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    let found = try reader.readFully(into: buffer)
    return Array(buffer[..<found])
}
