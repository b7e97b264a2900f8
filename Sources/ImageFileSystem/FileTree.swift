package import Archive

/// The file system that a container of an image sees: what its layers leave when they are applied one after the other
/// (OCI image specification 1.1, layer.md, "Applying Changesets").
///
/// It is the reading of engines that unpack all layers into one directory, symbolic links in parent directories
/// followed inside the root; ``LayerApplication`` says where engines that stack layers differ (docs/layers.md). Not
/// thread-safe.
package final class FileTree {
    /// What a tree may grow to; beyond it, entries are refused.
    package struct Limits: Sendable {
        /// Names in the tree.
        package var names = 1_000_000
        /// Directories in each other: what PATH_MAX lets a process reach.
        package var depth = 2048

        /// The limits for images that are run.
        package init() {}
    }

    package let root = TreeNode(
        name: [],
        parent: nil,
        inode: Inode(kind: .directory, entry: nil, layer: -1),
        layer: -1
    )
    package let limits: Limits
    package private(set) var count = 0
    /// Where readings differ.
    package internal(set) var disputes = Disputes()

    /// Takes note that engines may show something else anywhere.
    package func disputeEverything() { disputes.insert(FilePath(components: [])) }

    /// What following symbolic links costs: a short path may have a long way.
    private let budget: WorkBudget
    /// Why paths through symbolic links are not followed any more; nil while they are.
    package private(set) var spent: WorkBudget.Spent?

    /// An empty tree; looking for paths in it takes steps of a budget.
    package init(limits: Limits = Limits(), budget: WorkBudget = WorkBudget()) {
        self.limits = limits
        self.budget = budget
    }

    private func take(_ steps: Int) -> Bool {
        guard spent == nil else { return false }
        do { try budget.take(Int64(steps), .steps) } catch { spent = error }
        return spent == nil
    }

    /// How symbolic links on the way are taken.
    package enum Following {
        /// All of them.
        case all
        /// All but one at the path's very end.
        case parents
    }

    /// A kernel gives up at the 41st link (path_resolution(7)).
    package static let largestLinkCount = 40
    // What following one takes beside its target, in steps of about 100 ns.
    private static let linkSteps = 4
    /// A chain of long targets must not make a list of names grow without end.
    static let largestNameCount = 8192

    /// Where a path leads, symbolic links followed inside the root; nil where nothing is, for loops, and behind links when
    /// the budget is ``spent``.
    ///
    /// `passing` hears of each name that is looked for on the way, and of the directory it is looked for in.
    package func node(
        at path: FilePath,
        from start: TreeNode? = nil,
        following: Following = .all,
        passing: (TreeNode, [UInt8]) -> Void = { _, _ in }
    ) -> TreeNode? {
        var node = start ?? root
        var rest = Array(path.components.reversed())
        var links = 0
        while let name = rest.popLast() {
            if name.elementsEqual(".".utf8) { continue }
            if name.elementsEqual("..".utf8) {
                node = node.parent ?? root
                continue
            }
            passing(node, name)
            guard let next = node.child(name) else { return nil }
            guard next.inode.kind == .symbolicLink, following == .all || !rest.isEmpty else {
                node = next
                continue
            }
            links += 1
            let target = next.inode.target
            guard links <= Self.largestLinkCount, take(Self.linkSteps + target.count / 4) else { return nil }
            if target.first == UInt8(ascii: "/") { node = root }
            let parts = target.split(separator: UInt8(ascii: "/")).map { Array($0) }
            guard rest.count + parts.count <= Self.largestNameCount else { return nil }
            rest.append(contentsOf: parts.reversed())
        }
        return node
    }

    /// The thing a path leads to, symbolic links followed.
    package func inode(at path: FilePath) -> Inode? { node(at: path)?.inode }

    /// Every name in the tree but the root, a directory before what is in it, in byte order.
    package func forEach(_ body: (FilePath, Inode) -> Void) {
        forEachNode { body($0.path, $0.inode) }
    }

    /// Every name in the tree but the root, a directory before what is in it, in byte order.
    package func forEachNode(_ body: (TreeNode) -> Void) {
        var stack = Array(root.sortedChildren.reversed())
        while let node = stack.popLast() {
            body(node)
            stack.append(contentsOf: node.sortedChildren.reversed())
        }
    }

    /// Puts a name into a directory, in place of what has it; nil when the tree is full or too deep.
    package func attach(_ name: [UInt8], to parent: TreeNode, inode: Inode, layer: Int) -> TreeNode? {
        guard count < limits.names, parent.depth < limits.depth, let directory = parent.directory else { return nil }
        let node = TreeNode(name: name, parent: parent, inode: inode, layer: layer)
        directory.children[name] = node
        count += 1
        return node
    }

    /// Takes a name out of its directory; `size` is how many names go with it, itself included.
    func detach(_ node: TreeNode, size: Int) {
        count -= size
        node.parent?.directory?.children[node.name] = nil
    }

    /// Lets go of all that is below a node, one by one: a deep chain freed at once would go as deep on the stack.
    ///
    /// Returns the memory that node and descendants were counted with.
    @discardableResult
    static func dismantle(_ node: TreeNode) -> Int {
        var cost = 0
        var stack = [node]
        while let next = stack.popLast() {
            cost += next.cost
            guard let directory = next.directory else { continue }
            stack.append(contentsOf: directory.children.values)
            directory.children = [:]
            if let changes = directory.changes {
                stack.append(contentsOf: changes.removed.values)
                directory.changes = nil
            }
        }
        return cost
    }

    deinit {
        Self.dismantle(root)
    }
}
