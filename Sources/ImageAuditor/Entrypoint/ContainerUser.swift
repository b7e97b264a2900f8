import ImageFileSystem

/// Whom the config runs its program as, `user[:group]`: an engine looks names up in the image's own passwd and group,
/// and starts nothing where they aren't there.
struct ContainerUser {
    private let user: Substring
    private let group: Substring
    // Nil for a name that engines may look up in different ways.
    private let number: Int64?

    init(_ text: String, in tree: FileTree) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        user = parts.first ?? ""
        group = parts.count > 1 ? parts[1] : ""
        number = user.isEmpty || (user == "root" && Self.isRootUsual(tree)) ? 0 : Int64(user)
    }

    // An engine that looks root up finds what the image says of it; others take it for 0.
    private static func isRootUsual(_ tree: FileTree) -> Bool {
        guard let inode = tree.inode(at: FilePath("/etc/passwd")) else { return true }
        guard inode.kind == .file, Int64(inode.head.count) == inode.size else { return false }
        return inode.head.split(separator: UInt8(ascii: "\n")).allSatisfy { line in
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            let isRoot = fields.first?.trimmed.elementsEqual("root".utf8) == true
            return !isRoot || (fields.count > 2 && fields[2].elementsEqual("0".utf8))
        }
    }

    /// Whether the user may surely execute a file, or enter a directory: whatever groups they are in, and without
    /// capabilities.
    func mayExecute(_ inode: Inode) -> Bool {
        isAllowed(1, inode)
    }

    /// Whether the user may surely read a file.
    func mayRead(_ inode: Inode) -> Bool { isAllowed(4, inode) }

    private func isAllowed(_ bit: UInt32, _ inode: Inode) -> Bool {
        if let number, number == inode.uid { return inode.mode & (bit << 6) != 0 }
        let others = number == nil ? bit << 6 | bit << 3 | bit : bit << 3 | bit
        return inode.mode & others == others
    }

    /// The names that an image doesn't know.
    func findings(in image: ScannedImage) -> [Finding] {
        [(user, "user", "/etc/passwd"), (group, "group", "/etc/group")].compactMap { name, what, path in
            guard !name.isEmpty, !Self.isNumber(name), Self.knows(name, at: path, in: image) == false else {
                return nil
            }
            return Finding(.userUnknown, "\(path) has no \(what) '\(name)'", expected: String(name))
        }
    }

    private static func isNumber(_ name: Substring) -> Bool { name.utf8.allSatisfy { (0x30...0x39).contains($0) } }

    /// Whether a file has a line of that name; nil where the file wasn't read as a whole.
    private static func knows(_ name: Substring, at path: String, in image: ScannedImage) -> Bool? {
        guard let inode = image.tree.inode(at: FilePath(path)) else { return false }
        guard inode.kind == .file, Int64(inode.head.count) == inode.size else { return nil }
        return inode.head.split(separator: UInt8(ascii: "\n")).contains { line in
            line.prefix { $0 != UInt8(ascii: ":") }.elementsEqual(name.utf8)
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate var trimmed: ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || (9...13).contains(byte) }
        let start = drop(while: isBlank)
        return start.prefix((start.lastIndex { !isBlank($0) } ?? start.startIndex - 1) - start.startIndex + 1)
    }
}
