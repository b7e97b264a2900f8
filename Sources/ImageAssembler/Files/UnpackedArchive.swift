/// A released tar archive, as `ADD` unpacks it: one entry after the other, and where the files' bytes are.
struct UnpackedArchive: Sendable {
    /// One entry of the archive.
    struct Entry: Sendable {
        /// Below the archive's root, cleaned; empty for that itself.
        let path: String
        let content: Content
    }

    enum Content: Sendable {
        case node(FileNode)
        /// Another name of a file that came earlier, and what the entry says of it.
        case hardLink(String, mode: UInt16, owner: Owner)
    }

    let entries: [Entry]

    /// Puts the entries into a tree as BuildKit does (moby, pkg/archive, Unpack).
    ///
    /// They go below a directory, which is the root to the links on the way. Errors call the archive by a name.
    func unpack(
        _ name: String,
        into tree: inout StageTree,
        at directory: String,
        epoch: Int64
    ) throws(StageTree.PathProblem) {
        var linkable: Set<BytePath> = []
        for entry in entries {
            do throws(StageTree.PathProblem) {
                guard let target = try Self.place(of: entry.path, in: &tree, at: directory, epoch) else { continue }
                let node: FileNode
                switch entry.content {
                case .node(var new):
                    new.modified = epoch
                    node = new
                case .hardLink(let name, let mode, let owner):
                    let source = StageTree.join(
                        try tree.resolve(StageTree.parent(of: name), below: directory),
                        StageTree.name(of: name)
                    )
                    // A name of a file that was there before would change that file, too.
                    guard linkable.contains(BytePath(source)), let file = tree[source], !file.isDirectory else {
                        throw .missing(source)
                    }
                    guard file.mode == mode, file.owner == owner else { throw .otherMetadata(source) }
                    node = file
                }
                if let there = tree[target], !(there.isDirectory && node.isDirectory) { tree.remove(target) }
                tree[target] = node
                linkable.insert(BytePath(target))
            } catch {
                throw .entry(entry.path, of: name, reason: error.text)
            }
        }
    }

    // Where an entry goes, the directories on the way made; nil for the archive's root, which stays as it is.
    private static func place(
        of path: String,
        in tree: inout StageTree,
        at root: String,
        _ epoch: Int64
    ) throws(StageTree.PathProblem) -> String? {
        guard !path.isEmpty else { return nil }
        var place = root
        for component in StageTree.components(StageTree.parent(of: path)) {
            let name = StageTree.join(place, String(component))
            let inner = name.utf8.dropFirst(root.isEmpty ? 0 : root.utf8.count + 1)
            let next = try tree.resolve(String(Substring(inner)), below: root)
            if let there = tree[next] {
                guard there.isDirectory else { throw .notDirectory(next) }
            } else {
                guard tree[name] == nil else { throw .missing(next) }
                try tree.checkGroup(above: next)
                tree[next] = FileNode(kind: .directory, mode: 0o755, modified: epoch)
            }
            place = next
        }
        return StageTree.join(place, StageTree.name(of: path))
    }
}
