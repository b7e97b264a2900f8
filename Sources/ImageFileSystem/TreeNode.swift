/// A name in a file tree, with the names below it when it is a directory's.
package final class TreeNode {
    package let name: [UInt8]
    package unowned(unsafe) let parent: TreeNode?
    /// A directory stays one: only its metadata changes.
    package internal(set) var inode: Inode
    /// What a directory holds; nil for everything else.
    let directory: TreeDirectory?
    private let birth: Int32
    private var writing: Int32
    private let level: Int32
    private let pathCost: Int
    /// Only the engines that stack have this directory so far.
    var isGhost = false

    init(name: [UInt8], parent: TreeNode?, inode: Inode, layer: Int) {
        self.name = name
        self.parent = parent
        self.inode = inode
        birth = Int32(truncatingIfNeeded: layer)
        writing = birth
        level = (parent?.level ?? -1) + 1
        pathCost = (parent?.pathCost ?? 0) + name.count + Self.costOfName
        directory = inode.kind == .directory ? TreeDirectory() : nil
    }

    /// The layer that made the name.
    var born: Int { Int(birth) }

    /// The last layer that wrote the name: a directory's metadata may come from a later layer than the directory.
    package internal(set) var layer: Int {
        get { Int(writing) }
        set { writing = Int32(truncatingIfNeeded: newValue) }
    }

    /// How many directories it is in.
    package var depth: Int { Int(level) }

    package func child(_ name: [UInt8]) -> TreeNode? { directory?.children[name] }

    package var isEmpty: Bool { directory?.children.isEmpty ?? true }

    /// What is directly in it, in byte order.
    package var sortedChildren: [TreeNode] {
        directory?.children.values.sorted { $0.name.lexicographicallyPrecedes($1.name) } ?? []
    }

    /// About what the name takes in memory, its inode and one copy of its path included, in bytes.
    var cost: Int { Self.cost + name.count + inode.cost + pathCost }

    // The node, its name's header, its place in the directory's table.
    private static let cost = 160
    // A name's header in a list of names.
    private static let costOfName = 40

    /// The names from the root to here.
    package var path: FilePath {
        var components: [[UInt8]] = []
        components.reserveCapacity(depth)
        var node = self
        while let parent = node.parent {
            components.append(node.name)
            node = parent
        }
        components.reverse()
        return FilePath(components: components)
    }
}

/// What a directory holds, and what the layer at hand says of it.
///
/// The marks are numbers of layers, so that none has to be taken back when the next layer begins.
final class TreeDirectory {
    var children: [[UInt8]: TreeNode] = [:]
    /// The last layer that has this directory when it is unpacked by itself, by an entry or by a path through it.
    var own: Int32 = -1
    /// The last layer with an entry for it.
    var named: Int32 = -1
    /// The last layer with an opaque mark in it.
    var opaque: Int32 = -1
    /// The last layer that took away what lower layers have below it.
    var clean: Int32 = -1
    /// The last layer that went through a directory directly in it without an entry for that one.
    var passed: Int32 = -1
    /// What the layer at hand did to it; nil between layers.
    var changes: Changes?

    final class Changes {
        /// What lower layers had here under names that the layer took away or replaced.
        var removed: [[UInt8]: TreeNode] = [:]
        /// The names that the layer has whiteouts for.
        var whiteouts: Set<[UInt8]> = []
        /// The lower layers' directory at the path of one that the layer made.
        var below: TreeNode?
    }
}
