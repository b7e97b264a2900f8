import SystemIO

extension StageTree {
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
        /// A hard link says otherwise of a file than the file's own entry.
        case otherMetadata(String)
        /// A new directory would get the group of the one that it is in, and its bit, with some engines.
        case inheritedGroup(String)
        /// A change of mode that engines and chmod(1) read differently.
        case differingMode(String, of: UInt16)
        /// An entry of an archive has no place.
        case entry(String, of: String, reason: String)

        var text: String {
            switch self {
            case .linkLoop(let path): "the symbolic links at '/\(path)' lead nowhere"
            case .notDirectory(let path): "'/\(path)' is not a directory"
            case .isDirectory(let path): "'/\(path)' is a directory, and a file can't replace it"
            case .missing(let path): "there is no '/\(path)'"
            case .disputed(let path, let dispute):
                "'/\(path)' can't be copied: at '\(dispute.shown)' \(dispute.reason)"
            case .otherMetadata(let path): "a hard link to '/\(path)' gives it another mode or owner"
            case .inheritedGroup(let path):
                "engines differ in the mode of a new directory, '/\(path)', below one with the set-group-id bit: make it by RUN mkdir"
            case .differingMode(let text, let mode):
                "engines differ in --chmod=\(text.prefix(64)) of a file with mode \(String(mode, radix: 8)): give octal digits"
            case .entry(let entry, let archive, let reason):
                "'\(entry)' of the archive '\(archive)' can't be unpacked: \(reason)"
            }
        }
    }

    /// A path that can't be used, and why.
    struct Dispute: Hashable, Sendable {
        /// Relative to the root; bytes that aren't UTF-8 are replaced.
        let path: String
        /// The path for a message: such bytes are escaped.
        let shown: String
        /// Whether it is engines that differ, rather than this tree that can't hold the name.
        let isReading: Bool
        let reason: String
    }

    /// As many links as Linux follows.
    private static let maximumLinks = 40

    /// Where a path leads when symbolic links are followed within the root, the last component included.
    ///
    /// Components that aren't there stay as they are; `..` never leads above the root. With `root`, the path is below that
    /// directory, which is the root to links and to `..`. With `strictly`, what stands before `.` and `..` must be a
    /// directory, as to the kernel.
    func resolve(_ path: String, below root: String = "", strictly: Bool = false) throws(PathProblem) -> String {
        var rest = Self.components(path).reversed().map { $0 }
        let start = Self.components(root)
        var done = start
        var links = 0
        while let component = rest.popLast() {
            if strictly, component == "." || component == ".." {
                let place = done.joined(separator: "/")
                guard let node = self[place] else { throw .missing(place) }
                guard node.isDirectory else { throw .notDirectory(place) }
            }
            switch component {
            case ".": continue
            case "..": if done.count > start.count { done.removeLast() }
            default:
                let place = (done + [component]).joined(separator: "/")
                guard case .link(let target)? = self[place]?.kind else {
                    done.append(component)
                    continue
                }
                links += 1
                guard links <= Self.maximumLinks else { throw .linkLoop(path) }
                if target.utf8.first == UInt8(ascii: "/") { done = start }
                rest += Self.components(target).reversed()
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
        for component in Self.components(resolved) {
            place += (place.isEmpty ? "" : "/") + component
            if let node = self[place] {
                guard node.isDirectory else { throw .notDirectory(place) }
            } else {
                try checkGroup(above: place)
                self[place] = FileNode(kind: .directory, mode: 0o755, owner: owner, modified: modified)
            }
        }
        return resolved
    }

    /// Throws for a new directory below one with the set-group-id bit, whose mode engines differ in.
    func checkGroup(above path: String) throws(PathProblem) {
        guard (self[Self.parent(of: path)]?.mode ?? 0) & 0o2000 == 0 else { throw .inheritedGroup(path) }
    }

    /// Throws when something at, above or below a path is disputed.
    func check(_ path: String) throws(PathProblem) {
        for dispute in disputes {
            guard Self.isWithin(path, dispute.path) || Self.isWithin(dispute.path, path) else { continue }
            throw .disputed(path, dispute)
        }
    }

    /// Whether a path is a directory's or of something in it.
    static func isWithin(_ path: String, _ directory: String) -> Bool {
        directory.isEmpty
            || path.utf8.starts(with: directory.utf8)
                && (path.utf8.count == directory.utf8.count
                    || path.utf8.dropFirst(directory.utf8.count).first == UInt8(ascii: "/"))
    }

    /// The names of a path: by bytes, since a slash and the accent that follows it are one `Character`.
    static func components(_ path: String) -> [Substring] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
    }

    /// The path of the directory that a path is in.
    static func parent(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    /// The last component of a path.
    static func name(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// A path below a directory.
    static func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty ? name : name.isEmpty ? directory : directory + "/" + name
    }

    /// A path from the root without `.`, `..` and doubled slashes.
    static func clean(_ path: String) -> String {
        PathComponents(path.utf8).path
    }
}
