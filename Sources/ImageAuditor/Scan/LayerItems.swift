import Archive
import ContentAddress

/// An entry of a layer, and what was read of its content.
struct LayerItem {
    let entry: TarEntry
    /// Nil for anything but a regular file.
    let digest: Digest?
    /// See ``ContentReader``.
    let head: [UInt8]
    /// How many of the content's bytes the archive leaves out.
    let holes: Int64
}

/// The entries of a layer as a ``LayerRecorder`` packed them.
struct LayerItems {
    private var reader: PackedReader

    init(_ bytes: [UInt8]) {
        reader = PackedReader(bytes)
    }

    /// The next one; nil at the end.
    mutating func next() throws(PackedReader.Malformed) -> LayerItem? {
        guard !reader.isAtEnd else { return nil }
        let entry = try entry()
        let holes = try reader.number()
        guard try reader.number() != 0 else { return LayerItem(entry: entry, digest: nil, head: [], holes: holes) }
        let digest = try reader.digest()
        return LayerItem(entry: entry, digest: digest, head: try reader.string(), holes: holes)
    }

    private mutating func entry() throws(PackedReader.Malformed) -> TarEntry {
        var entry = TarEntry(path: try reader.string(), kind: try kind())
        entry.mode = try reader.number(UInt32.self)
        entry.uid = try reader.number()
        entry.gid = try reader.number()
        entry.userName = try reader.string()
        entry.groupName = try reader.string()
        entry.size = try reader.number()
        entry.modified = try reader.number()
        entry.modifiedNanoseconds = try reader.number(Int32.self)
        entry.linkName = try reader.string()
        entry.device = TarEntry.Device(major: try reader.number(), minor: try reader.number())
        entry.offset = try reader.number()
        entry.contentOffset = try reader.number()
        entry.storedSize = try reader.number()
        entry.oddities = TarOddities(rawValue: try reader.number(UInt32.self))
        for _ in 0..<max(0, try reader.number()) {
            let name = try reader.string()
            entry.extendedAttributes[name] = try reader.string()
        }
        let extentCount = try reader.number()
        if extentCount >= 0 { entry.extents = [] }
        for _ in 0..<max(0, extentCount) {
            entry.extents?.append(SparseExtent(offset: try reader.number(), count: try reader.number()))
        }
        return entry
    }

    private mutating func kind() throws(PackedReader.Malformed) -> TarEntry.Kind {
        let number = try reader.number(Int.self)
        guard number != LayerRecorder.kinds.count else { return .other(try reader.number(UInt8.self)) }
        guard LayerRecorder.kinds.indices.contains(number) else { throw PackedReader.Malformed() }
        return LayerRecorder.kinds[number]
    }
}

/// Keeps the entries of a layer while it is read.
struct LayerRecorder {
    private var writer = PackedWriter()
    private var candidates = PackedWriter()
    private(set) var programs: [Digest: ProgramReading] = [:]

    /// A layer with more isn't kept, in bytes.
    private static let largestSize = 12 << 20
    private static let largestProgramCount = 1024

    static let kinds: [TarEntry.Kind] = [
        .file, .hardLink, .symbolicLink, .characterDevice, .blockDevice, .directory, .pipe,
    ]

    /// Whether there is more than is kept.
    var isFull: Bool { writer.bytes.count > Self.largestSize || programs.count > Self.largestProgramCount }

    /// The entries; see ``LayerItems``.
    var packedItems: [UInt8] { writer.bytes }

    /// Those of them that may be programs, which a look for programs is spared the others by.
    var packedCandidates: [UInt8] { candidates.bytes }

    mutating func add(_ entry: TarEntry, digest: Digest?, head: [UInt8], holes: Int64) {
        guard !isFull else { return }
        let item = LayerItem(entry: entry, digest: digest, head: head, holes: holes)
        writer.add(item)
        if ProgramCapture.mayTake(item) { candidates.add(item) }
    }

    /// A program that was read.
    mutating func add(_ program: ProgramReading, _ digest: Digest) {
        guard !isFull else { return }
        programs[digest] = program.uncompared
    }
}

extension PackedWriter {
    fileprivate mutating func add(_ item: LayerItem) {
        add(item.entry)
        add(item.holes)
        add(item.digest == nil ? 0 : 1)
        guard let digest = item.digest else { return }
        add(digest)
        add(item.head)
    }

    private mutating func add(_ entry: TarEntry) {
        add(entry.path)
        if case .other(let flag) = entry.kind {
            add(Int64(LayerRecorder.kinds.count))
            add(Int64(flag))
        } else {
            add(Int64(LayerRecorder.kinds.firstIndex(of: entry.kind) ?? 0))
        }
        add(Int64(entry.mode))
        add(entry.uid)
        add(entry.gid)
        add(entry.userName)
        add(entry.groupName)
        add(entry.size)
        add(entry.modified)
        add(Int64(entry.modifiedNanoseconds))
        add(entry.linkName)
        add(entry.device.major)
        add(entry.device.minor)
        add(entry.offset)
        add(entry.contentOffset)
        add(entry.storedSize)
        add(Int64(entry.oddities.rawValue))
        add(Int64(entry.extendedAttributes.count))
        for (name, value) in entry.extendedAttributes {
            add(name)
            add(value)
        }
        add(entry.extents.map { Int64($0.count) } ?? -1)
        for extent in entry.extents ?? [] {
            add(extent.offset)
            add(extent.count)
        }
    }
}
