import ContentAddress
import GRDB
import Glibc
import SystemIO
import TransparencyLog

/// The log's entries outside of the index, from which it can be made again: C2SP's entry bundles, of which the last one
/// grows (docs/store-format.md, "Entries").
///
/// They are written before the transaction of their events is committed: what a process that was killed left behind the
/// last commit is written over by the next one.
struct EntryLog: Sendable {
    let paths: StorePaths
    let isDurable: Bool
    /// The file of the index, whose permissions the entries get; another one until a new index has its name.
    private let index: String

    init(paths: StorePaths, isDurable: Bool, index: String? = nil) {
        self.paths = paths
        self.isDurable = isDurable
        self.index = index ?? paths.index
    }

    private static let width = Int64(Tile.width)

    /// Runs a change, and writes the entries of its events.
    func record<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        let before = try LogRows.size(in: db)
        let value = try body(db)
        let after = try LogRows.size(in: db)
        if after > before { try write(from: before, to: after, in: db) }
        return value
    }

    /// Writes what is missing of the events that are committed; with `comparing`, also what others there are instead.
    func complete(in db: Database, comparing: Bool = false) throws {
        let size = try LogRows.size(in: db)
        guard size > 0 else { return }
        if comparing { try name(from: 0, before: size / Self.width, in: db) }
        try write(from: size, to: size, in: db)
    }

    /// The same for an index that hasn't got its name yet: the entries are there before it.
    static func complete(_ paths: StorePaths, index: String, comparing: Bool) throws(StoreError) {
        try Index.translating(path: index) {
            let queue = try DatabaseQueue(path: index)
            let entries = EntryLog(paths: paths, isDurable: true, index: index)
            try queue.read { try entries.complete(in: $0, comparing: comparing) }
            try queue.close()
        }
    }

    /// Writes the entries of the events from one size of the log to another; of those before, what is missing or others.
    private func write(from before: Int64, to after: Int64, in db: Database) throws {
        let tail = before / Self.width
        var first = tail
        while first > 0, (try? FileStatus.ofLink(paths.entries(first - 1))) == nil { first -= 1 }
        try name(from: first, before: tail, in: db)
        try writeOrigin(in: db)
        var position = try extend(tail, committed: before, to: after, in: db)
        while position < after {
            let index = position / Self.width
            position = try extend(index, committed: index * Self.width, to: after, in: db)
        }
    }

    /// Gives the bundles before a place, which are whole, their names.
    private func name(from first: Int64, before tail: Int64, in db: Database) throws {
        for index in first..<tail {
            let growing = paths.growingEntries(index)
            let start = index * Self.width
            let bytes = try bundle(start..<start + Self.width, in: db)
            if try read(paths.entries(index)) == bytes { continue }
            if try read(growing) == bytes {
                try Directory.rename(growing, to: paths.entries(index))
                if isDurable { try Directory.sync(Directory.parent(of: growing)) }
            } else {
                try replace(paths.entries(index), with: bytes)
                try Directory.remove(growing)
            }
        }
    }

    /// Writes entries into a growing bundle, behind those of committed events; gives the place up to which it has them.
    private func extend(_ index: Int64, committed: Int64, to after: Int64, in db: Database) throws -> Int64 {
        let start = index * Self.width
        let end = min(start + Self.width, after)
        guard end > start else { return end }
        let path = paths.growingEntries(index)
        let file = try open(path)
        let there = try EntryBundle(file.readBytes(limit: EntryBundle.sizeLimit))
        let kept = try matching(there, from: start, committed: committed, in: db)
        let size = there.size(of: kept)
        guard start + Int64(kept) < end || there.bytes.count > size else { return end }
        let bytes = try bundle(start + Int64(kept)..<end, in: db)
        try bytes.withUnsafeBytes { try file.write($0, at: Int64(size)) }
        try file.setSize(Int64(size + bytes.count))
        if isDurable { try file.sync() }
        return end
    }

    /// How many entries of a growing bundle are those of committed events.
    private func matching(
        _ bundle: EntryBundle,
        from start: Int64,
        committed: Int64,
        in db: Database
    ) throws -> Int {
        let wanted = Int(committed - start)
        func isSame(_ number: Int) throws -> Bool {
            try leaf(start + Int64(number), in: db).map { bundle.entry(number).elementsEqual($0) } ?? false
        }
        // The usual case: the last one tells that nobody else was here, since it has the time and the actor.
        if bundle.count == wanted, try wanted == 0 || isSame(wanted - 1) { return wanted }
        return try (0..<min(bundle.count, wanted)).first { try !isSame($0) } ?? min(bundle.count, wanted)
    }

    private func leaf(_ place: Int64, in db: Database) throws -> [UInt8]? {
        let statement = try db.cachedStatement(sql: "SELECT body FROM event WHERE sequence = ?")
        return try String.fetchOne(statement, arguments: [place + 1]).map(LogRows.leaf)
    }

    /// The entries of a range; what events name that stands in the index alone is kept first.
    private func bundle(_ range: Range<Int64>, in db: Database) throws -> [UInt8] {
        let statement = try db.cachedStatement(
            sql: "SELECT body FROM event WHERE sequence > ? AND sequence <= ? ORDER BY sequence"
        )
        let bodies = try String.fetchAll(statement, arguments: [range.lowerBound, range.upperBound])
        for body in bodies {
            for value in try LogValues.values(of: body, in: db) { try keep(value) }
        }
        guard let bytes = Tile.entries(bodies.map(LogRows.leaf)) else {
            throw StoreError.index(path: paths.index, failure: .damaged, reason: "an entry of the log is too long")
        }
        return bytes
    }

    private func keep(_ value: [UInt8]) throws {
        let path = paths.logValue(Digest.of(value))
        guard try read(path) != value else { return }
        try replace(path, with: value)
    }

    /// The log's name, which no event says.
    private func writeOrigin(in db: Database) throws {
        let name = Array((try LogRows.origin(in: db) + "\n").utf8)
        if try read(paths.logOrigin) != name { try replace(paths.logOrigin, with: name) }
    }

    /// Keeps the last signed checkpoint beside the entries.
    func keep(checkpoint note: [UInt8]) throws {
        try replace(paths.logCheckpoint, with: note)
    }
}

// Files that whoever may write to the index may write to, too.
extension EntryLog {
    private func read(_ path: String) throws(SystemError) -> [UInt8]? {
        do {
            let file = try File.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            return try file.readBytes(limit: EntryBundle.sizeLimit)
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    private func open(_ path: String) throws(SystemError) -> File {
        let flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK
        do {
            return try File.open(path, flags)
        } catch {
            guard error.isNotFound else { throw error }
        }
        try makeDirectory(of: path)
        let file = try File.open(path, flags | O_CREAT, mode: 0o600)
        try own(file)
        if isDurable { try Directory.sync(Directory.parent(of: path)) }
        return file
    }

    private func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        try makeDirectory(of: path)
        let file = try AtomicFile.create(path)
        try file.file.write(bytes)
        try own(file.file)
        try file.commit(durable: isDurable)
    }

    /// Gives a file the index's permissions, and its owner where the superuser runs the program.
    private func own(_ file: borrowing File) throws(SystemError) {
        let index = try FileStatus.ofLink(self.index)
        try file.setMode(index.mode & 0o666)
        if geteuid() == 0 { _ = fchown(file.descriptor, index.owner, index.group) }
    }

    private func makeDirectory(of path: String) throws(SystemError) {
        let directory = Directory.parent(of: path)
        guard (try? FileStatus.ofLink(directory)) == nil else { return }
        try makeDirectory(of: directory)
        let like = try FileStatus.ofLink(paths.blobs)
        do {
            try Directory.create(directory)
        } catch {
            guard error.code == EEXIST else { throw error }
            return
        }
        if like.mode & 0o7777 != 0o755 { try Directory.setMode(directory, like.mode & 0o7777) }
        if geteuid() == 0 { _ = chown(directory, like.owner, like.group) }
        if isDurable { try Directory.sync(Directory.parent(of: directory)) }
    }
}
