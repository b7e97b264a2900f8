// How engines find the directory that an entry's last name goes into.
extension LayerApplication {
    /// What a path is walked for.
    enum Purpose {
        /// A name goes there: both readings make the directories that are missing.
        case entry
        /// A whiteout stands there: only engines that stack make the missing directories.
        case whiteout
        /// A hard link leads there: nothing is made.
        case target
    }

    /// Where a walk ended.
    struct Place {
        let node: TreeNode
        /// Whether it is there for engines that unpack into one directory.
        let isFlat: Bool
    }

    /// The directory of an entry; nil when there can't be one, which has been reported then.
    func parent(of path: FilePath) -> TreeNode? { walk(path, for: .entry)?.node }

    /// Follows a path up to its last name, symbolic links followed inside the root.
    func walk(_ path: FilePath, for purpose: Purpose) -> Place? {
        var here = tree.root
        var isFlat = true
        var links: [TreeNode] = []
        var rest = Array(path.components.dropLast().reversed())
        while let name = rest.popLast() {
            guard work.step(1) else { return nil }
            if name.elementsEqual(".".utf8) { continue }
            if name.elementsEqual("..".utf8) {
                here = here.parent ?? tree.root
                continue
            }
            guard let next = step(name, in: here, path, purpose, &isFlat) else { return nil }
            if next.inode.kind == .symbolicLink {
                guard links.count < FileTree.largestLinkCount else {
                    refuse(path, .links, at: next)
                    return nil
                }
                guard push(next.inode.target, to: &rest) else {
                    event(.refused(path, .limit))
                    return nil
                }
                links.append(next)
                if next.inode.target.first == UInt8(ascii: "/") { here = tree.root }
                continue
            }
            guard next.directory != nil else {
                refuse(path, .parent, at: next)
                return nil
            }
            if purpose != .target { own(next) }
            here = next
        }
        if purpose != .target { sayLinks(links, path, here) }
        return Place(node: here, isFlat: isFlat)
    }

    private func step(
        _ name: [UInt8],
        in here: TreeNode,
        _ path: FilePath,
        _ purpose: Purpose,
        _ isFlat: inout Bool
    ) -> TreeNode? {
        let found = here.child(name)
        if purpose != .target, here.directory?.changes?.whiteouts.contains(name) == true, found.map(isOwn) != true {
            differ(path, flat: "what the entry says", stacked: "nothing: a directory of its path is a whiteout")
        }
        if let found {
            if !found.isGhost { return found }
            switch purpose {
            case .entry: found.isGhost = false
            case .whiteout: isFlat = false
            case .target: return nil
            }
            return found
        }
        guard purpose != .target else { return nil }
        guard let made = attach(name, to: here, Inode(kind: .directory, entry: nil, layer: layer)) else {
            event(.refused(path, .limit))
            return nil
        }
        if purpose == .entry, givesMetadata(here) { inherited.append(made) }
        if purpose == .whiteout {
            made.isGhost = true
            ghosts.append(made)
            isFlat = false
        }
        return made
    }

    // The kernel and engines go by the set-group-id bit, of whichever layer; erofs-utils hands on what the layer's own entry
    // says of owners and of who else may write.
    private func givesMetadata(_ parent: TreeNode) -> Bool {
        if parent.inode.mode & Self.setGroupID != 0 { return true }
        guard parent.directory?.named == mark else { return false }
        return parent.inode.mode & Self.writeForOthers != 0 || parent.inode.uid != 0 || parent.inode.gid != 0
    }

    private static let setGroupID: UInt32 = 0o2000
    private static let writeForOthers: UInt32 = 0o022

    private func push(_ target: [UInt8], to rest: inout [[UInt8]]) -> Bool {
        guard work.step(target.count / 8) else { return false }
        let parts = target.split(separator: UInt8(ascii: "/"))
        guard rest.count + parts.count <= FileTree.largestNameCount else { return false }
        for part in parts.reversed() { rest.append(Array(part)) }
        return true
    }

    private func own(_ node: TreeNode) {
        guard let directory = node.directory, directory.named != mark else { return }
        node.parent?.directory?.passed = mark
        guard directory.own != mark else { return }
        directory.own = mark
        if node.born < layer, !node.inode.hasDefaultMetadata { implied.append(node) }
    }

    private func refuse(_ path: FilePath, _ reason: LayerEvent.Refusal, at node: TreeNode) {
        event(.refused(path, reason))
        tree.disputes.insert(node.path)
        differ(
            path,
            flat: "nothing: \(node.path) \(node.inode.kind == .symbolicLink ? "leads nowhere" : "is not a directory")",
            stacked: "what the entry says"
        )
    }

    private func sayLinks(_ links: [TreeNode], _ path: FilePath, _ here: TreeNode) {
        for (number, link) in links.enumerated() where link.born != layer {
            guard work.step(link.depth + here.depth) else { return }
            tree.disputes.insert(link.path)
            // One finding for an entry is enough.
            guard number == links.firstIndex(where: { $0.born != layer }) else { continue }
            let place = Self.place(of: path.lastName, in: here)
            tree.disputes.insert(place)
            differ(
                path,
                flat: "\(place), through the symbolic link \(link.path) of a lower layer",
                stacked: "a directory \(link.path)"
            )
        }
    }

    // What an entry is about: of a whiteout, what it takes away.
    private static func place(of name: [UInt8], in directory: TreeNode) -> FilePath {
        let path = directory.path
        if name == opaqueName { return path }
        let name = name.starts(with: whiteoutPrefix) ? Array(name.dropFirst(whiteoutPrefix.count)) : name
        return FilePath(components: path.components + [name])
    }

    /// What lower layers have as a directory under a name; nil when they don't.
    func lowerDirectory(_ name: [UInt8], in parent: TreeNode) -> TreeNode? {
        let lower = parent.born < layer ? parent : parent.directory?.changes?.below
        guard let lower, let directory = lower.directory else { return nil }
        let found = directory.changes?.removed[name] ?? directory.children[name].flatMap { $0.born < layer ? $0 : nil }
        return found?.directory == nil ? nil : found
    }
}

extension Inode {
    /// Whether it has what a directory gets that no entry describes.
    var hasDefaultMetadata: Bool { mode == 0o755 && uid == 0 && gid == 0 && extendedAttributes.isEmpty }
}
