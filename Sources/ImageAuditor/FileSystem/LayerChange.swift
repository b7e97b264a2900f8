internal import Archive
internal import ContentAddress

/// What applying a layer did beyond adding new names, for the audit to judge.
enum LayerEvent {
    /// A name was replaced by another thing.
    case replaced(FilePath, old: Inode, new: Inode)
    /// A name was taken away by a whiteout, or because a file took its folder's place.
    case removed(FilePath, old: Inode)
    /// The layer has two entries for one name.
    case duplicate(FilePath)
    /// An entry that engines refuse or that can't be applied.
    case refused(FilePath, Refusal)
    /// A whiteout that is none: with content, of a name that can't be, or of something the same layer has.
    case oddWhiteout(FilePath, reason: String)

    /// Why an entry was not applied.
    enum Refusal: Equatable {
        /// Its path leads out of the root.
        case outside
        /// A folder of its path is no folder.
        case parent
        /// A hard link to what isn't there, or to a folder.
        case link([UInt8])
        /// A type that no engine makes.
        case type(UInt8)
        /// The tree is full or too deep.
        case limit
    }
}

/// Applies one layer's entries to a tree.
struct LayerApplication {
    let tree: FileTree
    let layer: Int
    let report: (LayerEvent) -> Void

    private static let whiteoutPrefix = Array(".wh.".utf8)
    private static let opaqueName = Array(".wh..wh..opq".utf8)

    /// Applies an entry whose content has been read.
    func apply(_ entry: TarEntry, digest: Digest?, head: [UInt8]) {
        guard let path = FilePath(entry.path) else {
            return report(.refused(FilePath(String(decoding: entry.path, as: UTF8.self)), .outside))
        }
        guard !path.components.isEmpty else { return applyToRoot(entry) }
        if path.lastName.starts(with: Self.whiteoutPrefix) { return whiteout(path, entry) }
        switch entry.kind {
        case .directory: directory(path, entry)
        case .hardLink: hardLink(path, entry)
        case .other(let flag): report(.refused(path, .type(flag)))
        case .file: place(path, Inode(kind: .file, entry: entry, layer: layer, digest: digest, head: head))
        case .symbolicLink: place(path, Inode(kind: .symbolicLink, entry: entry, layer: layer))
        case .characterDevice: place(path, Inode(kind: .characterDevice, entry: entry, layer: layer))
        case .blockDevice: place(path, Inode(kind: .blockDevice, entry: entry, layer: layer))
        case .pipe: place(path, Inode(kind: .pipe, entry: entry, layer: layer))
        }
    }

    private func applyToRoot(_ entry: TarEntry) {
        guard entry.kind == .directory else { return report(.refused(FilePath(components: []), .parent)) }
        tree.root.inode = Inode(kind: .directory, entry: entry, layer: layer)
    }

    private func directory(_ path: FilePath, _ entry: TarEntry) {
        guard let parent = folder(of: path) else { return }
        let inode = Inode(kind: .directory, entry: entry, layer: layer)
        // A folder over a folder only changes its metadata: what is in it stays.
        if let old = parent.child(path.lastName), old.inode.kind == .directory {
            old.inode = inode
            old.layer = layer
        } else {
            put(inode, path, parent)
        }
    }

    private func hardLink(_ path: FilePath, _ entry: TarEntry) {
        guard let target = FilePath(entry.linkName), let node = tree.node(at: target, following: .parents),
            node.inode.kind != .directory
        else { return report(.refused(path, .link(entry.linkName))) }
        place(path, node.inode)
    }

    private func place(_ path: FilePath, _ inode: Inode) {
        guard let parent = folder(of: path) else { return }
        put(inode, path, parent)
    }

    private func put(_ inode: Inode, _ path: FilePath, _ parent: TreeNode) {
        if let old = parent.child(path.lastName) {
            let oldInode = old.inode
            let place = old.path
            if old.layer == layer { report(.duplicate(place)) }
            tree.detach(old) { node in
                if node !== old { report(.removed(node.path, old: node.inode)) }
            }
            guard oldInode !== inode else {
                _ = tree.attach(path.lastName, to: parent, inode: inode, layer: layer)
                return
            }
            report(.replaced(place, old: oldInode, new: inode))
        }
        if tree.attach(path.lastName, to: parent, inode: inode, layer: layer) == nil { report(.refused(path, .limit)) }
    }

    /// The folder that a path's last name goes into, made where it is missing as engines do.
    private func folder(of path: FilePath) -> TreeNode? {
        var node = tree.root
        for name in path.components.dropLast() {
            if let next = node.child(name) {
                let resolved =
                    next.inode.kind == .symbolicLink
                    ? tree.node(at: FilePath(components: [name]), from: node) : next
                guard let resolved, resolved.inode.kind == .directory else {
                    report(.refused(path, .parent))
                    return nil
                }
                node = resolved
            } else {
                let inode = Inode(kind: .directory, entry: nil, layer: layer)
                guard let made = tree.attach(name, to: node, inode: inode, layer: layer) else {
                    report(.refused(path, .limit))
                    return nil
                }
                node = made
            }
        }
        return node
    }

    private func whiteout(_ path: FilePath, _ entry: TarEntry) {
        guard entry.kind == .file || entry.kind == .hardLink, entry.size == 0 else {
            return report(.oddWhiteout(path, reason: "it is no empty file"))
        }
        // The folder isn't made for a whiteout's sake.
        guard let parent = tree.node(at: path.parent), parent.inode.kind == .directory else { return }
        if path.lastName == Self.opaqueName {
            for child in parent.sortedChildren { removeLower(child) }
            return
        }
        let name = Array(path.lastName.dropFirst(Self.whiteoutPrefix.count))
        guard !name.isEmpty, ![".", ".."].contains(where: { name.elementsEqual($0.utf8) }) else {
            return report(.oddWhiteout(path, reason: "it names nothing that can be removed"))
        }
        if name.starts(with: Self.whiteoutPrefix) {
            return report(.oddWhiteout(path, reason: "it is metadata of an old storage driver"))
        }
        guard let node = parent.child(name) else { return }
        if node.layer == layer, node.inode.kind != .directory {
            // The specification keeps it, some engines remove it when the whiteout comes second.
            return report(.oddWhiteout(path, reason: "the same layer has the file it removes"))
        }
        removeLower(node)
    }

    // Whiteouts take away what lower layers brought, wherever in this layer they stand.
    private func removeLower(_ node: TreeNode) {
        var kept: Set<ObjectIdentifier> = []
        var all: [TreeNode] = []
        var stack = [node]
        while let next = stack.popLast() {
            all.append(next)
            stack.append(contentsOf: next.sortedChildren)
        }
        // Children come after their folders in the list, so that folders learn in time that something in them stays.
        for next in all.reversed() where next.layer == layer || kept.contains(ObjectIdentifier(next)) {
            kept.insert(ObjectIdentifier(next))
            if let parent = next.parent { kept.insert(ObjectIdentifier(parent)) }
        }
        for next in all where !kept.contains(ObjectIdentifier(next)) {
            // Its folder may be gone already, and it with it.
            guard next === node || next.parent.map({ kept.contains(ObjectIdentifier($0)) }) == true else { continue }
            tree.detach(next) { report(.removed($0.path, old: $0.inode)) }
        }
    }
}
