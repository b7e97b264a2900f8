import ImageFileSystem

/// Whom the config runs its program as, `user[:group]`: an engine looks names up in the image's own passwd and group,
/// and starts nothing where they aren't there.
struct ContainerUser {
    private let user: Substring
    private let group: Substring

    init(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        user = parts.first ?? ""
        group = parts.count > 1 ? parts[1] : ""
    }

    /// Whether the user may surely execute a file, or enter a directory: whatever groups they are in, and without
    /// capabilities.
    func mayExecute(_ inode: Inode) -> Bool {
        let number: Int64? = user.isEmpty || user == "root" ? 0 : Int64(user)
        if let number, number == inode.uid { return inode.mode & 0o100 != 0 }
        let others: UInt32 = number == nil ? 0o111 : 0o011
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
