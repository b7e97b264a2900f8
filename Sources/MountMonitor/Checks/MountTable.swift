/// The mounts of this process's namespace, as /proc/self/mountinfo lists them (proc_pid_mountinfo(5)).
struct MountTable: Equatable, Sendable {
    private static let file = "/proc/self/mountinfo"
    /// Longer than the list of any machine.
    private static let longestFile = 64 << 20

    struct Mount: Equatable, Sendable {
        let id: Int
        let parent: Int
        let point: String
        let type: String
    }

    let mounts: [Mount]

    /// Those at this moment.
    ///
    /// Blocks for the kernel alone, which asks no file system for them.
    static func current() throws -> MountTable {
        let (bytes, _) = try OperatingSystem.contents(path: file, limit: longestFile)
        guard let bytes else { throw MountCheckFailure.other("\(file) is too long") }
        return MountTable(String(decoding: bytes, as: UTF8.self))
    }

    /// Reads a list; lines that are not of its form are left out.
    init(_ text: String) {
        // By bytes: a space and an accent behind it are one character.
        mounts = text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line -> Mount? in
            let fields = line.split(separator: UInt8(ascii: " ")).map { Substring($0) }
            // Optional fields stand before the dash, their number is not fixed.
            guard fields.count >= 6, let id = Int(fields[0]), let parent = Int(fields[1]),
                let dash = fields[6...].firstIndex(of: "-"), dash + 1 < fields.endIndex
            else { return nil }
            return Mount(
                id: id,
                parent: parent,
                point: MountTable.unescaped(fields[4]),
                type: MountTable.unescaped(fields[dash + 1])
            )
        }
    }

    /// The mount that is seen at an absolute path without links: the topmost of those at that place; nil where there is
    /// none, or where one above hides it.
    ///
    /// Walks down from the root as the kernel does, so that a list in any order gives the same answer.
    func topmost(at path: String) -> Mount? {
        let roots = mounts.filter { $0.point == "/" }
        let ids = Set(roots.map(\.id))
        let listed = roots.first { !ids.contains($0.parent) || $0.parent == $0.id }
        guard var mount = listed ?? (roots.isEmpty ? unlistedRoot : nil) else { return nil }
        var children: [Int: [Mount]] = [:]
        for child in mounts where child.parent != child.id { children[child.parent, default: []].append(child) }
        var place = "/"
        mount = MountTable.top(of: mount, at: place, children)
        // By bytes: two spellings of one accent are two names to the kernel.
        for component in path.utf8.split(separator: UInt8(ascii: "/")) {
            place += (place == "/" ? "" : "/") + String(Substring(component))
            mount = MountTable.top(of: mount, at: place, children)
        }
        return mount.point.utf8.elementsEqual(place.utf8) && !mount.type.isEmpty ? mount : nil
    }

    // Below chroot(2) to a directory where nothing is mounted, the mount that holds it isn't listed.
    private var unlistedRoot: Mount? {
        let ids = Set(mounts.map(\.id))
        return mounts.first { !ids.contains($0.parent) }
            .map { Mount(id: $0.parent, parent: $0.parent, point: "/", type: "") }
    }

    private static func top(of mount: Mount, at place: String, _ children: [Int: [Mount]]) -> Mount {
        var mount = mount
        // As many steps as there are mounts; a list that goes round in circles ends, too.
        for _ in 0...children.count {
            guard let next = children[mount.id]?.last(where: { $0.point.utf8.elementsEqual(place.utf8) }) else { break }
            mount = next
        }
        return mount
    }

    // Space, tab, line feed and backslash are written as three octal digits behind a backslash.
    private static func unescaped(_ field: Substring) -> String {
        guard field.utf8.contains(UInt8(ascii: "\\")) else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            guard byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(3)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a mount's type is the wanted one: `fuse` is all of FUSE, `nfs` both of its versions.
    static func matches(_ type: String, wanted: String) -> Bool {
        if type == wanted { return true }
        switch wanted {
        case "fuse": return type.hasPrefix("fuse.") || type == "fuseblk"
        case "nfs": return type == "nfs4"
        default: return false
        }
    }
}
