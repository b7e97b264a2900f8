import SystemIO

/// An image's file system, in memory: names and metadata, no bytes.
///
/// Paths have no slash at either end; the root is `""`, and is always there.
struct FileTree: Sendable {
    /// What can be wrong with a path.
    enum PathProblem: Error {
        /// A symbolic link leads to another, and so on.
        case linkLoop(String)
        /// A file stands where a directory should.
        case notDirectory(String)
        /// A directory stands where a file should.
        case isDirectory(String)
        /// There is nothing of that name.
        case missing(String)
        /// What is there can't be told for certain.
        case disputed(String, Dispute)

        var text: String {
            switch self {
            case .linkLoop(let path): "the symbolic links at '/\(path)' lead nowhere"
            case .notDirectory(let path): "'/\(path)' is not a directory"
            case .isDirectory(let path): "'/\(path)' is a directory, and a file can't replace it"
            case .missing(let path): "there is no '/\(path)'"
            case .disputed(let path, let dispute):
                "'/\(path)' can't be copied: at '/\(dispute.path)' \(dispute.reason)"
            }
        }
    }

    /// A path that can't be used, and why.
    struct Dispute: Hashable, Sendable {
        let path: String
        /// Whether it is engines that differ, rather than this tree that can't hold the name.
        let isReading: Bool
        let reason: String
    }

    private(set) var nodes: [String: FileNode] = [:]
    /// What mustn't be copied.
    var disputes: [Dispute] = []
    /// Whether a copy left a file as it was: the first derivation would write it anew.
    var keptFiles = false
    /// The names in each directory: walking must not look at all paths for each.
    private var names: [String: Set<String>] = [:]
    /// What was set since the last ``takeChanges()``, with its directories.
    private var changed: Set<String> = []
    /// What wasn't there at the last ``takeChanges()``.
    private var fresh: Set<String> = []
    /// What was there at the last ``takeChanges()``, and is removed.
    private var removed: Set<String> = []

    /// What the name of a file that removes another begins with.
    static let whiteoutPrefix = ".wh."

    /// As many links as Linux follows.
    private static let maximumLinks = 40

    subscript(_ path: String) -> FileNode? {
        get { path.isEmpty ? FileNode(kind: .directory, mode: 0o755) : nodes[path] }
        set {
            guard !path.isEmpty else { return }
            if let newValue {
                if nodes[path] == nil, removed.remove(path) == nil { fresh.insert(path) }
                nodes[path] = newValue
                names[Self.parent(of: path), default: []].insert(Self.name(of: path))
                changed.insert(path)
            } else {
                remove(path)
            }
        }
    }

    /// The paths that were set since the last call, those of the whiteouts of what was removed, and all directories
    /// above them, sorted as a walk finds them.
    ///
    /// What was in a directory that is gone or no directory any more needs no whiteout of its own.
    mutating func takeChanges() -> [String] {
        var paths = changed
        for path in removed where self[Self.parent(of: path)]?.isDirectory == true {
            let parent = Self.parent(of: path)
            guard !removed.contains(parent) else { continue }
            paths.insert(Self.join(parent, Self.whiteoutPrefix + Self.name(of: path)))
        }
        for path in paths {
            var parent = Self.parent(of: path)
            while !parent.isEmpty, paths.insert(parent).inserted { parent = Self.parent(of: parent) }
        }
        forgetChanges()
        return paths.sorted(by: Self.precedes)
    }

    /// Forgets what was set.
    mutating func forgetChanges() { (changed, fresh, removed) = ([], [], []) }

    /// The names directly in a directory, sorted by their bytes.
    func children(of directory: String) -> [String] {
        (names[directory] ?? []).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
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
        guard !path.isEmpty else { return }
        for place in descendants(of: path).map({ Self.join(path, $0) }) + [path] {
            if nodes.removeValue(forKey: place) != nil, fresh.remove(place) == nil { removed.insert(place) }
            names[place] = nil
            changed.remove(place)
        }
        names[Self.parent(of: path)]?.remove(Self.name(of: path))
    }

    /// Lays another tree over this one, as a layer lies over those below it: its directories take the place of links
    /// and files, and give their metadata to directories that are there.
    mutating func lay(_ layer: FileTree) {
        for path in layer.descendants(of: "") {
            guard let node = layer[path] else { continue }
            if self[path].map({ $0.isDirectory != node.isDirectory }) ?? false { remove(path) }
            self[path] = node
        }
    }

    /// Where a path leads when symbolic links are followed within the root, the last component included.
    ///
    /// Components that aren't there stay as they are; `..` never leads above the root.
    func resolve(_ path: String) throws(PathProblem) -> String {
        var rest = Array(path.split(separator: "/").reversed())
        var done: [Substring] = []
        var links = 0
        while let component = rest.popLast() {
            switch component {
            case ".": continue
            case "..": _ = done.popLast()
            default:
                let place = (done + [component]).joined(separator: "/")
                guard case .link(let target)? = nodes[place]?.kind else {
                    done.append(component)
                    continue
                }
                links += 1
                guard links <= Self.maximumLinks else { throw .linkLoop(path) }
                if target.hasPrefix("/") { done = [] }
                rest += target.split(separator: "/").reversed()
            }
        }
        return done.joined(separator: "/")
    }

    /// Makes a directory and those above it with mode 0755; those that are there stay as they are.
    ///
    /// Returns where it is when links are followed.
    @discardableResult
    mutating func makeDirectories(_ path: String, owner: Owner, modified: Int64) throws(PathProblem) -> String {
        let resolved = try resolve(path)
        var place = ""
        for component in resolved.split(separator: "/") {
            place += (place.isEmpty ? "" : "/") + component
            if let node = nodes[place] {
                guard node.isDirectory else { throw .notDirectory(place) }
            } else {
                self[place] = FileNode(kind: .directory, mode: 0o755, owner: owner, modified: modified)
            }
        }
        return resolved
    }

    /// Throws when something at, above or below a path is disputed.
    func check(_ path: String) throws(PathProblem) {
        for dispute in disputes {
            let other = dispute.path
            guard
                path == other || path.isEmpty || other.isEmpty || path.hasPrefix(other + "/")
                    || other.hasPrefix(path + "/")
            else { continue }
            throw .disputed(path, dispute)
        }
    }

    /// The path of the directory that a path is in.
    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// The last component of a path.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// A path below a directory.
    static func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty ? name : name.isEmpty ? directory : directory + "/" + name
    }

    /// A path from the root without `.`, `..` and doubled slashes.
    static func clean(_ path: String) -> String {
        PathComponents(path.utf8).path
    }

    // A directory comes before what is in it, and all of that before the next name: a slash sorts before anything else.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lazy.map { $0 == UInt8(ascii: "/") ? 0 : $0 }
            .lexicographicallyPrecedes(right.utf8.lazy.map { $0 == UInt8(ascii: "/") ? 0 : $0 })
    }
}
