import Archive
import ImageFileSystem
import Printable

/// The files of a base image, as its layers leave them.
///
/// The tree was handed over when all layers had been read, and nothing changes it any more: it may be read from several
/// threads.
final class BaseFiles: @unchecked Sendable {
    private let tree: FileTree
    private let layers: [LayerReference]
    /// What mustn't be copied: what engines differ in, and what can't be held as text.
    let disputes: [StageTree.Dispute]

    /// The files that layers left.
    init(_ tree: sending FileTree, of layers: [LayerReference]) {
        self.tree = tree
        self.layers = layers
        var disputes: [StageTree.Dispute] = []
        tree.forEachNode { node in
            guard let reason = Self.loss(node) else { return }
            disputes.append(Self.dispute(node.path, isReading: false, reason))
        }
        for path in tree.disputes.paths.sorted() {
            let reason = "engines differ in what they show (`bindery audit` says how)"
            disputes.append(Self.dispute(path, isReading: true, reason))
        }
        self.disputes = disputes
    }

    /// What stands at a path, no link followed.
    func node(at path: String) -> FileNode? { find(path).map { FileNode($0.inode, of: layers) } }

    /// The names directly in a directory, those that are text.
    func names(in directory: String) -> [String] {
        find(directory)?.sortedChildren.compactMap { Self.text($0.name) } ?? []
    }

    private func find(_ path: String) -> TreeNode? {
        var node = tree.root
        for name in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let next = node.child(Array(name)) else { return nil }
            node = next
        }
        return node
    }

    /// What a file would lose if it were held as text; nil when nothing.
    private static func loss(_ node: TreeNode) -> String? {
        if text(node.name) == nil { return "a name isn't UTF-8" }
        if node.inode.kind == .symbolicLink, text(node.inode.target) == nil {
            return "the target of a link isn't UTF-8"
        }
        let attributes = node.inode.extendedAttributes
        guard !attributes.isEmpty else { return nil }
        let names = attributes.keys.compactMap(text)
        guard names.count == attributes.count else { return "the name of an extended attribute isn't UTF-8" }
        // Strings are equal when their characters are, in whichever way these are encoded.
        return Set(names).count == names.count
            ? nil : "two extended attributes have names that differ only in how characters are encoded"
    }

    private static func text(_ name: [UInt8]) -> String? {
        let text = String(decoding: name, as: UTF8.self)
        return text.utf8.elementsEqual(name) ? text : nil
    }

    private static func dispute(_ path: FilePath, isReading: Bool, _ reason: String) -> StageTree.Dispute {
        StageTree.Dispute(
            path: String(Substring(path.description.utf8.dropFirst())),
            shown: printable(path.bytes),
            isReading: isReading,
            reason: reason
        )
    }
}

extension FileNode {
    /// What an image has at a name.
    fileprivate init(_ inode: Inode, of layers: [LayerReference]) {
        let kind: Kind =
            switch inode.kind {
            case .directory: .directory
            case .symbolicLink: .link(String(decoding: inode.target, as: UTF8.self))
            case .pipe: .pipe
            case .characterDevice, .blockDevice:
                .device(
                    isBlock: inode.kind == .blockDevice,
                    major: UInt32(truncatingIfNeeded: inode.device.major),
                    minor: UInt32(truncatingIfNeeded: inode.device.minor)
                )
            case .file:
                .file(.member(layer: layers[inode.layer], offset: inode.contentOffset, size: inode.size))
            }
        self.init(kind: kind, mode: UInt16(truncatingIfNeeded: inode.mode & 0o7777))
        owner = Owner(uid: UInt32(truncatingIfNeeded: inode.uid), gid: UInt32(truncatingIfNeeded: inode.gid))
        modified = inode.modified
        for (key, value) in inode.extendedAttributes {
            extendedAttributes[String(decoding: key, as: UTF8.self)] = value
        }
    }
}
