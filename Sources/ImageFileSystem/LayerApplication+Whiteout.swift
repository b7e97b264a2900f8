import Archive

// Whiteouts and opaque marks take away what lower layers brought, wherever in their layer they stand.
extension LayerApplication {
    func whiteout(_ path: FilePath, _ entry: TarEntry) {
        guard entry.kind == .file || isLinkToWhiteout(path, entry), entry.size == 0 else {
            return oddWhiteout(path, "it is not an empty file")
        }
        guard let place = walk(path, for: .whiteout) else { return }
        // Two engines remove what has the entry's own name before they take it for a whiteout.
        if let namesake = place.node.child(path.lastName), isOwn(namesake) {
            differ(namesake.path, flat: "a directory with a whiteout's name", stacked: "that directory, or nothing")
        }
        if path.lastName == Self.opaqueName { return opaque(path, place) }
        let name = Array(path.lastName.dropFirst(Self.whiteoutPrefix.count))
        guard !name.isEmpty, ![".", ".."].contains(where: { name.elementsEqual($0.utf8) }) else {
            return oddWhiteout(path, "it names nothing that can be removed")
        }
        guard !name.starts(with: Self.whiteoutPrefix) else {
            return oddWhiteout(path, "it is metadata of an old storage driver")
        }
        let child = place.node.child(name)
        if let child, isOwn(child) {
            event(.oddWhiteout(path, reason: "the same layer has the file it removes"))
            differ(child.path, flat: "what its own layer has", stacked: "nothing, or what its own layer has")
        } else {
            changes(of: place.node).whiteouts.insert(name)
        }
        if !place.isFlat {
            if !place.node.isGhost { differ(path, flat: "no whiteout", stacked: "a whiteout") }
        } else if let child, !child.isGhost, !strip(child) {
            remove(child, size: 1)
        }
    }

    /// Whether a whiteout is a hard link to another one, as Docker wrote them of aufs.
    ///
    /// Erofs-utils makes of any other link the file that it leads to, under the name that the whiteout takes away.
    private func isLinkToWhiteout(_ path: FilePath, _ entry: TarEntry) -> Bool {
        guard entry.kind == .hardLink, path.lastName != Self.opaqueName, let target = FilePath(entry.linkName),
            target.lastName.starts(with: Self.whiteoutPrefix), target.lastName != Self.opaqueName,
            let directory = walk(target, for: .target)?.node.directory
        else { return false }
        let name = Array(target.lastName.dropFirst(Self.whiteoutPrefix.count))
        return directory.changes?.whiteouts.contains(name) == true
    }

    private func oddWhiteout(_ path: FilePath, _ reason: String) {
        event(.oddWhiteout(path, reason: reason))
        var removed = path
        removed = FilePath(
            components: path.parent.components + [Array(path.lastName.dropFirst(Self.whiteoutPrefix.count))]
        )
        differ(removed, flat: "what lower layers have, or nothing, by the engine", stacked: "nothing")
    }

    private func opaque(_ path: FilePath, _ place: Place) {
        guard let directory = place.node.directory else { return }
        let isRepeated = directory.opaque == mark
        directory.opaque = mark
        if place.node === tree.root { needsComparison = true }
        // After the first one nothing of lower layers is left.
        guard place.isFlat, !isRepeated || directory.passed == mark, work.step(directory.children.count) else { return }
        for child in isRepeated ? Array(directory.children.values) : place.node.sortedChildren where !child.isGhost {
            guard strip(child) else {
                remove(child, size: 1)
                continue
            }
            if let directory = child.directory, !directory.children.isEmpty, directory.named != mark {
                differ(
                    child.path,
                    flat: "nothing, or what its own layer has",
                    stacked: "what its own layer has: the layer has no entry for the directory"
                )
            }
        }
    }

    /// Takes away what lower layers have at and below a name, but for the name itself; whether the name stays.
    private func strip(_ node: TreeNode) -> Bool {
        guard let directory = node.directory else {
            if node.born < layer { event(.removed(node.path, old: node.inode)) }
            return node.born == layer
        }
        guard directory.clean != mark else { return node.layer == layer || !directory.children.isEmpty }
        // Directories come before what is in them, so that from behind they learn in time that something stays.
        var all: [TreeNode] = []
        var stack = [node]
        while let next = stack.popLast() {
            guard work.step(4 + next.depth / 8) else { return true }
            all.append(next)
            guard let directory = next.directory, directory.clean != mark else { continue }
            directory.clean = mark
            stack.append(contentsOf: next.sortedChildren)
        }
        for next in all.reversed() {
            if next.layer == layer || !next.isEmpty { continue }
            event(.removed(next.path, old: next.inode))
            if isOwn(next), !next.isGhost, let parent = next.parent { lost.append((parent, next.name)) }
            if next !== node { remove(next, size: 1) }
        }
        return node.layer == layer || !node.isEmpty
    }
}
