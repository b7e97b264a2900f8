package import Archive
package import ContentAddress

/// Applies one layer's entries to a tree, and finds out where engines would make something else of them.
///
/// The tree is the flat reading. The layer unpacked by itself, as engines that stack have it, is not built: as long as
/// the readings agree its names are names of the tree, which are marked (``TreeDirectory/own``); its whiteouts and opaque
/// marks stand beside them. What the layer takes away is kept until ``finish()``, which compares the two where they can
/// differ. The first difference is certain; behind it the readings have diverged, and more may be reported than there
/// are.
package final class LayerApplication {
    let tree: FileTree
    let layer: Int
    let mark: Int32
    let work: WorkMeter
    private let report: (LayerEvent) -> Void

    /// Directories of lower layers that this one goes through without an entry for them.
    var implied: [TreeNode] = []
    var inherited: [TreeNode] = []
    /// Directories that only engines that stack make.
    var ghosts: [TreeNode] = []
    /// Directories that this layer goes through, and takes away for engines that unpack into one directory.
    var lost: [(parent: TreeNode, name: [UInt8])] = []
    /// Directories with changes of this layer.
    var changed: [TreeNode] = []
    /// What the layer made and took away again: others may still lead here until the layer ends.
    private var discarded: [TreeNode] = []
    /// Whether something was done that engines that stack may show otherwise.
    var needsComparison = false

    /// Begins a layer, 0 for the lowest; ``finish()`` ends it.
    package init(tree: FileTree, layer: Int, budget: WorkBudget, report: @escaping (LayerEvent) -> Void) {
        self.tree = tree
        self.layer = layer
        mark = Int32(truncatingIfNeeded: layer)
        work = WorkMeter(budget)
        self.report = report
    }

    /// Whether the budget of steps or memory is spent: what comes now isn't applied.
    package var isSpent: Bool { work.isSpent }

    /// Applies an entry whose content has been read.
    package func apply(_ entry: TarEntry, digest: Digest?, head: [UInt8]) {
        guard work.step(Self.entrySteps + entry.path.count / 32) else { return }
        guard let path = FilePath(entry.path) else {
            let path = FilePath(clamping: entry.path)
            event(.refused(path, .outside))
            return differ(path, flat: "an entry by '..' from outside the root", stacked: "the same path at the root")
        }
        checkAttributes(path, entry)
        checkOwner(path, entry)
        if !entry.oddities.isEmpty {
            event(.odd(path, entry.oddities))
            tree.disputes.insert(path)
        }
        guard !path.components.isEmpty else { return applyToRoot(entry) }
        if path.components.dropLast().contains(where: { $0.starts(with: Self.whiteoutPrefix) }) {
            event(.oddWhiteout(path, reason: "it is below a directory that has a whiteout's name"))
            differ(path, flat: "the entry", stacked: "the entry, or a whiteout in the directory's place")
        }
        if path.lastName.starts(with: Self.whiteoutPrefix) { return whiteout(path, entry) }
        switch entry.kind {
        case .directory: directory(path, entry)
        case .hardLink: hardLink(path, entry)
        case .other(let flag):
            event(.refused(path, .type(flag)))
            differ(path, flat: "an entry of an unknown type", stacked: "a file, nothing, or no image, by the engine")
        case .file: place(path, Inode(kind: .file, entry: entry, layer: layer, digest: digest, head: head))
        case .symbolicLink: place(path, Inode(kind: .symbolicLink, entry: entry, layer: layer))
        case .characterDevice:
            place(path, Inode(kind: .characterDevice, entry: entry, layer: layer))
            // What overlayfs takes for a whiteout.
            if entry.device == TarEntry.Device() { differ(path, flat: "a device 0:0", stacked: "nothing") }
            checkNumbers(path, entry.device)
        case .blockDevice:
            place(path, Inode(kind: .blockDevice, entry: entry, layer: layer))
            checkNumbers(path, entry.device)
        case .pipe: place(path, Inode(kind: .pipe, entry: entry, layer: layer))
        }
    }

    static let whiteoutPrefix = Array(".wh.".utf8)
    static let opaqueName = Array(".wh..wh..opq".utf8)
    // What an entry costs beside its path, in steps of about 100 ns.
    private static let entrySteps = 16

    func event(_ event: LayerEvent) { report(event) }

    /// Says that the readings differ at a place.
    func differ(_ path: FilePath, flat: String, stacked: String) {
        tree.disputes.insert(path)
        report(.differs(ReadingDifference(path, flat: flat, stacked: stacked)))
    }

    // The root's own metadata isn't compared: engines that stack take it from the lowest layer, the highest, or
    // neither.
    private func applyToRoot(_ entry: TarEntry) {
        guard entry.kind == .directory else {
            let root = FilePath(components: [])
            event(.refused(root, .parent))
            return differ(root, flat: "an entry that isn't a directory", stacked: "the root")
        }
        tree.root.inode = Inode(kind: .directory, entry: entry, layer: layer)
    }

    private func directory(_ path: FilePath, _ entry: TarEntry) {
        guard let parent = parent(of: path) else { return }
        let inode = Inode(kind: .directory, entry: entry, layer: layer)
        // A directory over a directory only changes its metadata: what is in it stays.
        guard let old = parent.child(path.lastName), let directory = old.directory else {
            return put(inode, path, parent)
        }
        // The last one counts everywhere; what is below stays whatever it says.
        if directory.named == mark, !old.inode.isSame(as: inode) {
            event(.duplicate(old.path, isHarmless: true))
            let lost = old.inode.extendedAttributes.keys.contains { inode.extendedAttributes[$0] == nil }
            if lost {
                let both = "a directory with or without the attributes of its first entry"
                differ(old.path, flat: both, stacked: both)
            }
        }
        if directory.named != mark, !old.isGhost, !old.inode.isSame(as: inode) {
            report(.replaced(old.path, old: old.inode, new: inode))
        }
        old.inode = inode
        old.layer = layer
        old.isGhost = false
        directory.named = mark
        directory.own = mark
    }

    func place(_ path: FilePath, _ inode: Inode) {
        guard let parent = parent(of: path) else { return }
        put(inode, path, parent)
    }

    func put(_ inode: Inode, _ path: FilePath, _ parent: TreeNode) {
        let name = path.lastName
        if let old = parent.child(name) {
            if old.isGhost {
                discard(old)
            } else {
                replace(old, with: inode)
            }
        }
        guard let node = attach(name, to: parent, inode) else { return event(.refused(path, .limit)) }
        node.directory?.named = mark
    }

    private func replace(_ old: TreeNode, with inode: Inode) {
        let place = old.path
        if isOwn(old) {
            let isSame = old.inode === inode || old.inode.isSame(as: inode)
            event(.duplicate(place, isHarmless: isSame))
            if !isSame { tree.disputes.insert(place) }
        }
        let oldInode = old.inode
        take(away: old) { node in
            if node !== old { report(.removed(node.path, old: node.inode)) }
        }
        if oldInode !== inode { report(.replaced(place, old: oldInode, new: inode)) }
    }

    /// Puts a new name into a directory; nil when the tree is full or too deep, or the budget spent.
    func attach(_ name: [UInt8], to parent: TreeNode, _ inode: Inode) -> TreeNode? {
        guard let node = tree.attach(name, to: parent, inode: inode, layer: layer), work.memory(node.cost) else {
            return nil
        }
        if let directory = node.directory {
            directory.own = mark
            if let below = lowerDirectory(name, in: parent) {
                changes(of: node).below = below
                needsComparison = true
            }
        }
        parent.directory?.changes?.whiteouts.remove(name)
        return node
    }

    /// Whether the layer has this name when it is unpacked by itself.
    func isOwn(_ node: TreeNode) -> Bool {
        if let directory = node.directory { return directory.own == mark }
        return node.born == layer
    }

    func changes(of node: TreeNode) -> TreeDirectory.Changes {
        guard let directory = node.directory else { return TreeDirectory.Changes() }
        if let changes = directory.changes { return changes }
        let made = TreeDirectory.Changes()
        directory.changes = made
        changed.append(node)
        return made
    }

    /// Takes a name away with all below it, and keeps it for ``finish()`` if lower layers have it.
    func take(away node: TreeNode, leaving: (TreeNode) -> Void) {
        var size = 0
        var stack = [node]
        while let next = stack.popLast() {
            size += 1
            guard work.step(Self.entrySteps + next.depth / 8) else { break }
            leaving(next)
            if next.directory != nil { stack.append(contentsOf: next.sortedChildren) }
        }
        remove(node, size: size)
    }

    /// Takes a name out of its directory when all below it has been reported.
    func remove(_ node: TreeNode, size: Int) {
        if node.born < layer, let parent = node.parent {
            let changes = changes(of: parent)
            if changes.removed[node.name] == nil { changes.removed[node.name] = node }
            tree.detach(node, size: size)
        } else {
            tree.detach(node, size: size)
            discarded.append(node)
        }
    }

    /// Lets go of what was kept for the comparison.
    func forget() {
        var freed = 0
        for node in changed {
            for old in node.directory?.changes?.removed.values.map({ $0 }) ?? [] { freed += FileTree.dismantle(old) }
            node.directory?.changes = nil
        }
        for node in discarded { freed += FileTree.dismantle(node) }
        work.free(freed)
        (implied, inherited, ghosts, lost, changed, discarded) = ([], [], [], [], [], [])
    }

    func discard(_ ghost: TreeNode) {
        var size = 0
        var stack = [ghost]
        while let next = stack.popLast() {
            size += 1
            stack.append(contentsOf: next.directory?.children.values.map { $0 } ?? [])
        }
        remove(ghost, size: size)
    }
}
