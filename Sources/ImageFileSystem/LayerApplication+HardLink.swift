import Archive
import Printable

extension LayerApplication {
    /// A further name for a file of the same layer.
    ///
    /// Engines give the entry's mode, owner and attributes to the file, which is one with the link.
    func hardLink(_ path: FilePath, _ entry: TarEntry) {
        guard let parent = parent(of: path) else { return }
        guard let target = FilePath(entry.linkName), !target.components.isEmpty,
            let directory = walk(target, for: .target)?.node,
            let node = directory.child(target.lastName), node.directory == nil
        else {
            event(.refused(path, .link(entry.linkName)))
            return differ(path, flat: "nothing", stacked: "nothing, or no image")
        }
        checkTarget(entry.linkName, node, path)
        if node.born != layer {
            differ(path, flat: "the file \(target) of a lower layer", stacked: "nothing, or no image")
        } else {
            bring(entry, to: node.inode, at: path)
        }
        put(node.inode, path, parent)
    }

    // Containerd follows symbolic links before it resolves `..`, and a last one before a slash; others the other way round.
    // Erofs-utils makes the directory before `..`, in place of what lower layers have there.
    private func checkTarget(_ target: [UInt8], _ node: TreeNode, _ path: FilePath) {
        let hasParent = FilePath(raw: target).components.contains { $0.elementsEqual("..".utf8) }
        guard hasParent || node.inode.kind == .symbolicLink && target.last == UInt8(ascii: "/") else { return }
        let both = "a link to one of two files, which '\(String(decoding: target, as: UTF8.self))' is by the engine"
        differ(path, flat: both, stacked: hasParent ? both + ", or a directory that the target names" : both)
    }

    private static let capability = Array("security.capability".utf8)

    private func bring(_ entry: TarEntry, to inode: Inode, at path: FilePath) {
        // Changing the owner takes capabilities away, so that an engine that does so for each name loses them here.
        if inode.extendedAttributes[Self.capability] != nil, entry.extendedAttributes[Self.capability] == nil {
            differ(path, flat: "the file with its capabilities", stacked: "the file with or without its capabilities")
        }
        let attributes = inode.extendedAttributes.merging(entry.extendedAttributes) { _, new in new }
        guard
            inode.mode != entry.mode || inode.uid != entry.uid || inode.gid != entry.gid
                || inode.extendedAttributes != attributes
        else { return }
        let isNarrower = entry.mode & ~inode.mode == 0 && inode.mode & 0o7000 == entry.mode & 0o7000
        if isNarrower, inode.uid == entry.uid, inode.gid == entry.gid, inode.extendedAttributes == attributes {
            event(.narrowed(path, from: inode.mode, to: entry.mode))
            if (inode.mode ^ entry.mode) & 0o111 != 0 { inode.wasExecutable = true }
        } else {
            differ(
                path,
                flat: "the file as its first name has it, or as the link has it",
                stacked: "the file with the link's mode \(FileMode.text(entry.mode)), owner and attributes"
            )
            if let target = FilePath(entry.linkName) { tree.disputes.insert(target) }
        }
        inode.mode = entry.mode
        inode.uid = entry.uid
        inode.gid = entry.gid
        inode.extendedAttributes = attributes
    }
}
