/// Copies files from one tree into another as BuildKit's `COPY` does (solver/llbsolver/file, tonistiigi/fsutil/copy).
struct FileCopy {
    /// The tree to take from.
    var source: StageTree
    /// The owner that all copied and made files get; nil keeps theirs, and makes directories root's.
    var owner: Owner?
    /// What changes the mode of all copied files and directories.
    var mode: CopyMode?
    /// What isn't copied.
    var excludes: IgnoreList
    /// Whether a file that is there already, the same but for its time, stays as it is.
    let keepsUnchanged: Bool
    /// The time that all copied and made files get, in seconds since 1970.
    let epoch: Int64

    /// Copies one source, whose links are followed, to a destination.
    ///
    /// A directory's content is copied rather than the directory. A destination that ends with a slash, or that is a
    /// directory, is where a file goes in; anything else is the file's new name.
    func copy(
        _ path: String,
        named name: String,
        to destination: String,
        in tree: inout StageTree
    ) throws(StageTree.PathProblem) {
        guard let node = source[path] else { throw .missing(path) }
        let made = owner ?? Owner()
        let last = destination.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let ensured = last.isEmpty || last == "." ? destination : String(destination.dropLast(last.count))
        try tree.makeDirectories(ensured, owner: made, modified: epoch)
        var target = try tree.resolve(destination)
        let there = tree[target]
        if !node.isDirectory, there?.isDirectory == true { target = StageTree.join(target, name) }
        let directory = node.isDirectory && there == nil ? target : StageTree.parent(of: target)
        try tree.makeDirectories(directory, owner: made, modified: epoch)
        try copyNode(path, relative: "", to: target, overwrites: false, in: &tree)
    }

    /// Copies one source with the directories of its path, which get their own metadata.
    func copyWithParents(
        _ path: String,
        below pivot: String,
        to destination: String,
        in tree: inout StageTree
    ) throws(StageTree.PathProblem) {
        let root = try tree.makeDirectories(destination, owner: owner ?? Owner(), modified: epoch)
        let relative = pivot.isEmpty ? path : String(path.dropFirst(pivot.count + 1))
        var place = ""
        for component in StageTree.components(StageTree.parent(of: relative)) {
            place = StageTree.join(place, String(component))
            let target = StageTree.join(root, place)
            guard tree[target] == nil else { continue }
            guard let directory = source[StageTree.join(pivot, place)] else { throw .missing(place) }
            tree[target] = try adjusted(directory)
        }
        let target = StageTree.join(root, relative)
        try copyNode(path, relative: relative, to: target, overwrites: true, in: &tree)
    }

    private func copyNode(
        _ path: String,
        relative: String,
        to target: String,
        overwrites: Bool,
        in tree: inout StageTree
    ) throws(StageTree.PathProblem) {
        guard let node = source[path] else { throw .missing(path) }
        guard node.isDirectory else {
            // A file that is named itself is meant.
            if !relative.isEmpty, excludes.matches(relative) { return }
            if tree[target]?.isDirectory == true { throw .isDirectory(target) }
            let new = try adjusted(node)
            if keepsUnchanged, tree.isUnchanged(target, by: new) { return }
            tree[target] = new
            return
        }
        // An excluded directory is made for what is wanted in it all the same.
        if !relative.isEmpty, excludes.matches(relative), !excludes.hasExceptions || !holdsWanted(path, relative) {
            return
        }
        if let there = tree[target] {
            guard there.isDirectory else { throw .notDirectory(target) }
            if overwrites { tree[target] = try adjusted(node) }
        } else {
            tree[target] = try adjusted(node)
        }
        for name in source.children(of: path) {
            try copyNode(
                StageTree.join(path, name),
                relative: StageTree.join(relative, name),
                to: StageTree.join(target, name),
                overwrites: true,
                in: &tree
            )
        }
    }

    private func holdsWanted(_ path: String, _ relative: String) -> Bool {
        source.descendants(of: path).contains { !excludes.matches(StageTree.join(relative, $0)) }
    }

    private func adjusted(_ node: FileNode) throws(StageTree.PathProblem) -> FileNode {
        var node = node
        if let owner { node.owner = owner }
        if let mode {
            if case .link = node.kind {
            } else if let new = mode.apply(to: node.mode, isDirectory: node.isDirectory) {
                node.mode = new
            } else {
                throw .differingMode(mode.text, of: node.mode)
            }
        }
        node.modified = epoch
        return node
    }
}

extension StageTree {
    /// Whether a file of a base is the same as another but for its time: setting it changes nothing.
    fileprivate mutating func isUnchanged(_ path: String, by new: FileNode) -> Bool {
        guard var there = self[path], there.modified != new.modified else { return false }
        there.modified = new.modified
        guard there == new else { return false }
        keptFiles = true
        return true
    }
}
