import Release

/// The released files as the trees that a platform's build copies from.
struct ContextTrees {
    private let names: ContextNames
    /// Under the names that `--naming` gives.
    private let given: StageTree
    /// Under their plain paths, and by platform.
    private let behind: StageTree

    init(_ names: ContextNames) {
        self.names = names
        given = Self.tree(names.usable)
        behind = Self.tree(names.usableBehind)
    }

    func tree(of source: String, keepsParents: Bool) -> StageTree {
        names.find(StageTree.clean(source), keepsParents: keepsParents)?.isBehind == true ? behind : given
    }

    /// What is wrong with a source that is a path, also what a plan lets pass with a warning; nil for nothing.
    func problem(of path: String, source: String, keepsParents: Bool) -> PlanProblem.Kind? {
        names.look(up: path, of: source, keepsParents: keepsParents).problems.first?.kind
    }

    private static func tree(_ files: [ContextFile]) -> StageTree {
        var tree = StageTree()
        for file in files {
            // Names are checked to be relative paths: nothing stands in the way of their directories.
            _ = try? tree.makeDirectories(StageTree.parent(of: file.name), owner: Owner(), modified: 0)
            tree[file.name] = FileNode(kind: .file(.blob(file.digest, size: file.size)), mode: file.mode)
        }
        return tree
    }
}
