/// The file system that a container of an image sees: what its layers leave when they are applied one after the other
/// (OCI image specification 1.1, layer.md, "Applying Changesets").
///
/// Where the specification leaves room, this one does what container engines do when they unpack: they follow symbolic
/// links in parent folders, inside the root. Not thread-safe.
public final class FileTree {
    /// What a tree may grow to; beyond it, entries are refused with a finding.
    public struct Limits: Sendable {
        /// Names in the tree.
        public var names = 1_000_000
        /// Folders in each other: what PATH_MAX lets a process reach.
        public var depth = 2048

        /// The limits for images that are run.
        public init() {}
    }

    let root = TreeNode(name: [], parent: nil, inode: Inode(kind: .directory, entry: nil, layer: -1), layer: -1)
    let limits: Limits
    private(set) var count = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// How symbolic links on the way are taken.
    enum Following {
        /// All of them.
        case all
        /// All but one at the path's very end.
        case parents
    }

    /// A kernel gives up at the 41st link (path_resolution(7)).
    static let largestLinkCount = 40

    /// Where a path leads, symbolic links followed inside the root; nil where nothing is, and for loops.
    func node(at path: FilePath, from start: TreeNode? = nil, following: Following = .all) -> TreeNode? {
        var node = start ?? root
        var rest = Array(path.components.reversed())
        var links = 0
        while let name = rest.popLast() {
            if name.elementsEqual(".".utf8) { continue }
            if name.elementsEqual("..".utf8) {
                node = node.parent ?? root
                continue
            }
            guard node.inode.kind == .directory, let next = node.child(name) else { return nil }
            guard next.inode.kind == .symbolicLink, following == .all || !rest.isEmpty else {
                node = next
                continue
            }
            links += 1
            guard links <= Self.largestLinkCount else { return nil }
            let target = next.inode.target
            if target.first == UInt8(ascii: "/") { node = root }
            let parts = target.split(separator: UInt8(ascii: "/")).map { Array($0) }
            // A chain of long targets must not make the list of names grow without end.
            guard rest.count + parts.count <= 8192 else { return nil }
            rest.append(contentsOf: parts.reversed())
        }
        return node
    }

    /// The thing a path leads to, symbolic links followed.
    public func inode(at path: FilePath) -> Inode? { node(at: path)?.inode }

    /// Every name in the tree but the root, a folder before what is in it, in byte order.
    public func forEach(_ body: (FilePath, Inode) -> Void) {
        forEachNode { body($0.path, $0.inode) }
    }

    /// Every name in the tree but the root, a folder before what is in it, in byte order.
    func forEachNode(_ body: (TreeNode) -> Void) {
        var stack = Array(root.sortedChildren.reversed())
        while let node = stack.popLast() {
            body(node)
            stack.append(contentsOf: node.sortedChildren.reversed())
        }
    }

    /// Puts a name under a folder; false when the tree is full or too deep.
    func attach(_ name: [UInt8], to parent: TreeNode, inode: Inode, layer: Int) -> TreeNode? {
        guard count < limits.names, parent.depth < limits.depth else { return nil }
        let node = TreeNode(name: name, parent: parent, inode: inode, layer: layer)
        parent.add(node)
        count += 1
        return node
    }

    /// Takes a name away with all below it; `leaving` hears of each that was there.
    func detach(_ node: TreeNode, leaving: (TreeNode) -> Void) {
        var stack = [node]
        while let next = stack.popLast() {
            leaving(next)
            count -= 1
            stack.append(contentsOf: next.sortedChildren)
        }
        node.parent?.remove(node.name)
        // Nested folders let go one by one: a deep chain freed at once would go as deep on the stack.
        dismantle(node)
    }

    private func dismantle(_ node: TreeNode) {
        var stack = [node]
        while let next = stack.popLast() {
            stack.append(contentsOf: next.sortedChildren)
            next.removeAll()
        }
    }

    deinit {
        dismantle(root)
    }
}
