// What engines that stack show of the layer upon the ones below it, compared with the tree.
extension LayerApplication {
    /// Ends the layer: reports where the readings differ, and forgets what the tree was before.
    package func finish() {
        for node in ghosts where node.isGhost && isAttached(node) {
            differ(node.path, flat: "nothing", stacked: "the directory that the path of a whiteout makes")
        }
        for node in ghosts where node.isGhost && isAttached(node) { discard(node) }
        for (parent, name) in lost where isAttached(parent) && parent.child(name) == nil {
            let path = FilePath(components: parent.path.components + [name])
            differ(path, flat: "nothing", stacked: "the directory that the path of another entry makes")
        }
        for node in implied where node.directory?.named != mark && isAttached(node) {
            event(.implied(node.path, node.inode))
        }
        for node in inherited where node.directory?.named != mark && isAttached(node) { event(.inherited(node.path)) }
        if needsComparison { compare() }
        forget()
        work.flush()
    }

    private func isAttached(_ node: TreeNode) -> Bool {
        var node = node
        while let parent = node.parent {
            guard work.step(1), parent.child(node.name) === node else { return false }
            node = parent
        }
        return node === tree.root
    }

    // For each directory that the layer has when it is unpacked by itself: does what lower layers had there show?
    private func compare() {
        var pairs = [(below: tree.root, upper: tree.root)]
        while let (below, upper) = pairs.popLast() {
            guard let lower = below.directory, let directory = upper.directory else { continue }
            if directory.opaque == mark, upper !== tree.root { continue }
            for (name, old) in lower.children where old.born < layer && lower.changes?.removed[name] == nil {
                guard work.step(1) else { return }
                compare(name, old, upper, directory, &pairs)
            }
            for (name, old) in lower.changes?.removed ?? [:] {
                guard work.step(1) else { return }
                compare(name, old, upper, directory, &pairs)
            }
        }
    }

    private func compare(
        _ name: [UInt8],
        _ old: TreeNode,
        _ upper: TreeNode,
        _ directory: TreeDirectory,
        _ pairs: inout [(below: TreeNode, upper: TreeNode)]
    ) {
        guard let new = directory.children[name], !new.isGhost else {
            guard directory.changes?.whiteouts.contains(name) != true else { return }
            return differ(
                FilePath(components: upper.path.components + [name]),
                flat: "nothing",
                stacked: "what a lower layer has: \(old.inode.summary)"
            )
        }
        guard old.directory != nil, let directory = new.directory, directory.own == mark else { return }
        pairs.append((old, new))
    }
}

extension Inode {
    /// What it is, in a few words.
    var summary: String {
        switch kind {
        case .file: digest.map { "a file with the digest \($0)" } ?? "a file"
        case .directory: "a directory"
        case .symbolicLink: "a symbolic link to '\(String(decoding: target, as: UTF8.self))'"
        case .characterDevice, .blockDevice: "a device"
        case .pipe: "a pipe"
        }
    }
}
