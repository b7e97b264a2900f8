/// The file system of a stage while it is built: what its instructions placed, over the files of its base.
///
/// A stage is copied when another starts from it, and each instruction's changes become a layer: it is a value of names
/// and of where their bytes are. The base is read by ImageFileSystem, and never changes. Paths have no slash at either
/// end; the root is `""`, and is always there.
struct StageTree: Sendable {
    /// The files of the base that the stage starts from.
    private let base: BaseFiles?
    /// What instructions placed, in place of what the base has.
    private var placed: [BytePath: FileNode] = [:]
    /// Paths at which, and below which, nothing of the base is left.
    private var hidden: Set<BytePath> = []
    /// The names of what was placed, by directory: walking must not look at all paths for each.
    private var names: [BytePath: Set<BytePath>] = [:]
    /// What was set since the last ``takeChanges()``.
    private var changed: Set<BytePath> = []
    /// What wasn't there at the last ``takeChanges()``.
    private var fresh: Set<BytePath> = []
    /// What was there at the last ``takeChanges()``, and is removed.
    private var removed: Set<BytePath> = []
    /// Whether a copy left a file as it was: the first derivation would write it anew.
    var keptFiles = false

    init(_ base: BaseFiles? = nil) {
        self.base = base
    }

    /// What the name of a file that removes another begins with.
    static let whiteoutPrefix = ".wh."

    /// What mustn't be copied.
    var disputes: [Dispute] { base?.disputes ?? [] }

    subscript(_ path: String) -> FileNode? {
        get {
            if path.isEmpty { return FileNode(kind: .directory, mode: 0o755) }
            if let node = placed[BytePath(path)] { return node }
            return shown(path)?.node(at: path)
        }
        set {
            guard !path.isEmpty else { return }
            guard let newValue else { return remove(path) }
            let name = BytePath(path)
            if !newValue.isDirectory, self[path]?.isDirectory == true { remove(path) }
            if self[path] == nil, removed.remove(name) == nil { fresh.insert(name) }
            placed[name] = newValue
            names[BytePath(Self.parent(of: path)), default: []].insert(BytePath(Self.name(of: path)))
            changed.insert(name)
        }
    }

    /// Whether what stands at a path is the base's, and no instruction placed it.
    func isOfBase(_ path: String) -> Bool { placed[BytePath(path)] == nil && self[path] != nil }

    // The base, unless a path or a directory above it was removed.
    private func shown(_ path: String) -> BaseFiles? {
        guard let base, !hidden.isEmpty else { return base }
        var place = path
        while !place.isEmpty {
            if hidden.contains(BytePath(place)) { return nil }
            place = Self.parent(of: place)
        }
        return base
    }

    /// The paths that were set since the last call, those of the whiteouts of what was removed, and all directories
    /// above them, sorted as a walk finds them.
    ///
    /// What was in a directory that is gone or no directory any more needs no whiteout of its own.
    mutating func takeChanges() -> [String] {
        var paths = changed
        for path in removed.map(\.text) {
            let parent = Self.parent(of: path)
            guard self[parent]?.isDirectory == true, !removed.contains(BytePath(parent)) else { continue }
            paths.insert(BytePath(Self.join(parent, Self.whiteoutPrefix + Self.name(of: path))))
        }
        for path in paths {
            var parent = Self.parent(of: path.text)
            while !parent.isEmpty, paths.insert(BytePath(parent)).inserted { parent = Self.parent(of: parent) }
        }
        (changed, fresh, removed) = ([], [], [])
        return paths.map(\.text).sorted(by: Self.precedes)
    }

    /// The names directly in a directory, sorted by their bytes.
    func children(of directory: String) -> [String] {
        var found = names[BytePath(directory)] ?? []
        for name in shown(directory)?.names(in: directory) ?? [] {
            if hidden.isEmpty || !hidden.contains(BytePath(Self.join(directory, name))) { found.insert(BytePath(name)) }
        }
        return found.map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// All paths below a directory, relative to it, in the order of a walk.
    func descendants(of directory: String) -> [String] {
        var found: [String] = []
        // The next name to look at is last: an explicit stack, since a base image may be nested as deep as it likes.
        var rest = children(of: directory).reversed().map { $0 }
        while let path = rest.popLast() {
            found.append(path)
            rest += children(of: Self.join(directory, path)).reversed().map { Self.join(path, $0) }
        }
        return found
    }

    /// Removes a path and what is below it.
    mutating func remove(_ path: String) {
        guard !path.isEmpty, self[path] != nil else { return }
        for place in descendants(of: path).map({ BytePath(Self.join(path, $0)) }) + [BytePath(path)] {
            placed[place] = nil
            names[place] = nil
            changed.remove(place)
            if fresh.remove(place) == nil { removed.insert(place) }
        }
        names[BytePath(Self.parent(of: path))]?.remove(BytePath(Self.name(of: path)))
        if base?.node(at: path) != nil { hidden.insert(BytePath(path)) }
    }

    /// Lays another tree over this one, as a layer lies over those below it: its directories take the place of links
    /// and files, and give their metadata to directories that are there.
    mutating func lay(_ layer: StageTree) {
        for path in layer.descendants(of: "") {
            guard let node = layer[path] else { continue }
            if self[path].map({ $0.isDirectory != node.isDirectory }) ?? false { remove(path) }
            self[path] = node
        }
    }

    // A directory comes before what is in it, and all of that before the next name: a slash sorts before anything else.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lazy.map { $0 == UInt8(ascii: "/") ? 0 : $0 }
            .lexicographicallyPrecedes(right.utf8.lazy.map { $0 == UInt8(ascii: "/") ? 0 : $0 })
    }
}
