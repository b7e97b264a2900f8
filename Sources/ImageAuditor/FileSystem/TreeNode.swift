/// A name in the file tree, with the names below it when it is a folder's.
final class TreeNode {
    let name: [UInt8]
    unowned(unsafe) let parent: TreeNode?
    let depth: Int
    var inode: Inode
    /// The last layer that wrote this name.
    var layer: Int
    private(set) var children: [[UInt8]: TreeNode] = [:]

    init(name: [UInt8], parent: TreeNode?, inode: Inode, layer: Int) {
        self.name = name
        self.parent = parent
        self.inode = inode
        self.layer = layer
        depth = (parent?.depth ?? -1) + 1
    }

    func child(_ name: [UInt8]) -> TreeNode? { children[name] }

    var isEmpty: Bool { children.isEmpty }

    func add(_ node: TreeNode) { children[node.name] = node }

    func remove(_ name: [UInt8]) { children[name] = nil }

    func removeAll() { children = [:] }

    var sortedChildren: [TreeNode] { children.values.sorted { $0.name.lexicographicallyPrecedes($1.name) } }

    /// The names from the root to here.
    var path: FilePath {
        var components: [[UInt8]] = []
        var node = self
        while let parent = node.parent {
            components.append(node.name)
            node = parent
        }
        return FilePath(components: components.reversed())
    }
}
