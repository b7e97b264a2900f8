package import ContentAddress

/// A tree that grows, of which only the roots of its complete subtrees are kept: the largest first, one for each bit of
/// its size.
package struct Frontier: Sendable, Hashable {
    /// How many leaves it has.
    package private(set) var size: Int64
    /// The roots of its complete subtrees, the largest first.
    package private(set) var roots: [Digest]

    /// A tree without leaves.
    package init() {
        size = 0
        roots = []
    }

    /// A tree from what was kept of it; nil unless there is a root for each bit of the size.
    package init?(size: Int64, roots: [Digest]) {
        guard size >= 0, size.nonzeroBitCount == roots.count else { return nil }
        self.size = size
        self.roots = roots
    }

    /// Adds a leaf's hash; gives the roots of the subtrees that it completes, of 1 leaf, 2, 4, ….
    @discardableResult
    package mutating func append(_ leaf: Digest) -> [Digest] {
        var completed = [leaf]
        var hash = leaf
        for _ in 0..<(size ^ (size &+ 1)).nonzeroBitCount - 1 {
            guard let left = roots.popLast() else { break }
            hash = MerkleHash.node(left, hash)
            completed.append(hash)
        }
        roots.append(hash)
        size &+= 1
        return completed
    }

    /// The root of the whole tree.
    package var root: Digest {
        guard var hash = roots.last else { return MerkleHash.empty }
        for left in roots.dropLast().reversed() { hash = MerkleHash.node(left, hash) }
        return hash
    }
}
