import Archive

/// The files of a tar archive by name, and what readers of such archives make of it in different ways.
///
/// Docker unpacks an archive and follows links then, containerd and skopeo look entries up by name; skopeo takes the
/// first of two, the others the last. So each name has one entry, nothing goes through a link, and a link leads to a
/// file.
struct TarTable: Sendable {
    /// Where a file's content lies.
    struct Place: Hashable, Sendable {
        let offset: Int64
        let count: Int64
    }

    private enum Item: Hashable, Sendable {
        case file(Place)
        case link(ArchiveName)
        case directory
        case other
    }

    /// An image's archive has a few files for each layer; more than this is an attack on the memory.
    static let largestCount = 100_000
    private static let mostReasons = 16

    private var items: [ArchiveName: Item] = [:]
    // Symbolic links that stand before what they lead to.
    private var early: [ArchiveName] = []
    /// Why readers take different files from it.
    private(set) var reasons: [String] = []
    /// Whether they differ in more than where links lead.
    private(set) var isRearranged = false

    /// How many names there are.
    var count: Int { items.count }

    /// Whether a name stands there already, as anything but a directory.
    func hasFile(_ name: ArchiveName) -> Bool { items[name].map { $0 != .directory } ?? false }

    /// Whether a name stands there already.
    func has(_ name: ArchiveName) -> Bool { items[name] != nil }

    /// Takes an entry.
    mutating func add(_ entry: TarEntry) {
        let name = ArchiveName(entry.path)
        if name.hasParent { note("'\(name)' is written with '..'") }
        guard name.parts.count <= ArchiveName.largestDepth else { return note("'\(name)' is too deep") }
        for words in entry.oddities.subtracting(.parentInName).words { note("readers differ in '\(name)': \(words)") }
        let item = item(entry, name)
        if let before = items[name], before != .directory || item != .directory {
            note("'\(name)' stands there twice")
        }
        addDirectories(of: name)
        items[name] = item
    }

    /// An archive that some tools decompress, and others read as it is.
    mutating func addUnclearStart() {
        note("the archive begins in a way that some tools don't take for compression")
    }

    /// A header that applies to all later entries by POSIX, and to none in the engines.
    mutating func addGlobalHeader(_ records: PAXRecords) {
        if let key = records.changingKey { note("a global header sets '\(key)' for all later entries") }
    }

    /// What only shows at the end: where early links lead, and what follows.
    mutating func finish(hasTrailer: Bool) {
        for name in early {
            guard case .link(let target)? = items[name], target != name, let item = items[target] else { continue }
            if case .file = item, Self.isSharedLayer(name, target) { continue }
            note("the link '\(name)' stands before '\(target)'", isOfLink: true)
        }
        if hasTrailer { note("bytes other than zeros follow the archive's end") }
    }

    /// Where a file lies, through links; nil when it isn't there.
    func place(of name: String) -> Place? {
        var name = ArchiveName(name.utf8)
        // Longer chains than this are loops.
        for _ in 0..<16 {
            switch items[name] {
            case .file(let place): return place
            case .link(let target): name = target
            case .directory, .other, nil: return nil
            }
        }
        return nil
    }

    private mutating func item(_ entry: TarEntry, _ name: ArchiveName) -> Item {
        switch entry.kind {
        case .file:
            guard entry.extents == nil else {
                note("'\(name)' is a sparse file")
                return .other
            }
            return .file(Place(offset: entry.contentOffset, count: entry.storedSize))
        case .symbolicLink:
            let target = ArchiveName(entry.linkName, from: name.directory)
            switch items[target] {
            case .file: break
            case nil: early.append(name)
            case .link, .directory, .other: note("the link '\(name)' leads to no file", isOfLink: true)
            }
            return .link(target)
        case .hardLink:
            let target = ArchiveName(entry.linkName)
            if case .file = items[target] {
            } else {
                note("the link '\(name)' leads to no file before it", isOfLink: true)
            }
            return .link(target)
        case .directory: return .directory
        case .characterDevice, .blockDevice, .pipe, .other: return .other
        }
    }

    private mutating func addDirectories(of name: ArchiveName) {
        var directory = name.directory
        while let current = directory, !current.parts.isEmpty {
            switch items[current] {
            case .directory: return
            case nil: items[current] = .directory
            case .file, .link, .other: return note("'\(name)' is below '\(current)', which is not a directory")
            }
            directory = current.directory
        }
    }

    // Docker of before version 25 saves a layer that an image has twice once, and links to it from the other directory;
    // the directories are in the order of random names, so that the link may come first.
    private static func isSharedLayer(_ link: ArchiveName, _ target: ArchiveName) -> Bool {
        let name = Array("layer.tar".utf8)
        return link.parts.count == 2 && target.parts.count == 2 && link.parts.last == name && target.parts.last == name
    }

    private mutating func note(_ reason: String, isOfLink: Bool = false) {
        if !isOfLink { isRearranged = true }
        if reasons.count < Self.mostReasons { reasons.append(reason) }
    }
}
