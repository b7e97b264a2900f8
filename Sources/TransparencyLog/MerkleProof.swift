package import ContentAddress

/// Proofs about trees of some size, by the hashes of their complete subtrees (RFC 6962, section 2.1).
package struct MerkleProver {
    /// The root of the complete subtree of `1 << level` leaves that begins at leaf `index << level`.
    package typealias Subtree = (_ level: Int, _ index: Int64) throws -> Digest

    private let subtree: Subtree

    /// A prover that asks for subtrees; each one that it asks for is complete in the tree of the given size.
    package init(_ subtree: @escaping Subtree) { self.subtree = subtree }

    /// The root of the tree of the first leaves.
    package func root(of size: Int64) throws -> Digest {
        try size == 0 ? MerkleHash.empty : hash(of: 0..<size)
    }

    /// The path that leads from a leaf to the root of the tree of the first `size` leaves, from below.
    ///
    /// Empty for a leaf that isn't in the tree.
    package func inclusion(of leaf: Int64, in size: Int64) throws -> [Digest] {
        guard (0..<size).contains(leaf) else { return [] }
        var path: [Digest] = []
        var range = 0..<size
        while range.count > 1 {
            let middle = range.lowerBound + Self.split(Int64(range.count))
            if leaf < middle {
                path.append(try hash(of: middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                path.append(try hash(of: range.lowerBound..<middle))
                range = middle..<range.upperBound
            }
        }
        return path.reversed()
    }

    /// What shows that the tree of the first `size` leaves begins with the tree of the first `old`.
    ///
    /// Empty where there is nothing to show: for an `old` of 0 or of `size`.
    package func consistency(from old: Int64, to size: Int64) throws -> [Digest] {
        guard old > 0, old < size else { return [] }
        var path: [Digest] = []
        var range = 0..<size
        var isWhole = true
        while range.upperBound != old {
            let middle = range.lowerBound + Self.split(Int64(range.count))
            if old <= middle {
                path.append(try hash(of: middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                path.append(try hash(of: range.lowerBound..<middle))
                range = middle..<range.upperBound
                isWhole = false
            }
        }
        if !isWhole { path.append(try hash(of: range)) }
        return path.reversed()
    }

    // A range that begins where one of its largest complete subtree begins.
    private func hash(of range: Range<Int64>) throws -> Digest {
        let count = Int64(range.count)
        guard count & (count - 1) != 0 else {
            let level = count.trailingZeroBitCount
            return try subtree(level, range.lowerBound >> Int64(level))
        }
        let middle = range.lowerBound + Self.split(count)
        return MerkleHash.node(try hash(of: range.lowerBound..<middle), try hash(of: middle..<range.upperBound))
    }

    /// The largest power of two below a count of at least 2.
    static func split(_ count: Int64) -> Int64 { 1 << Int64(63 - (count - 1).leadingZeroBitCount) }
}

/// Checks proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2).
package enum MerkleProof {
    /// Whether a path leads from a leaf's hash at a place to the root of a tree.
    package static func includes(_ leaf: Digest, at index: Int64, in size: Int64, root: Digest, path: [Digest]) -> Bool
    {
        guard (0..<size).contains(index) else { return false }
        var (place, last) = (index, size - 1)
        var hash = leaf
        for other in path {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                hash = MerkleHash.node(other, hash)
                while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                hash = MerkleHash.node(hash, other)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// Whether a path shows that one tree begins with another.
    package static func isConsistent(
        _ old: (size: Int64, root: Digest),
        _ new: (size: Int64, root: Digest),
        path: [Digest]
    ) -> Bool {
        guard old.size >= 0, old.size <= new.size else { return false }
        if old.size == new.size { return path.isEmpty && old.root == new.root }
        if old.size == 0 { return path.isEmpty && old.root == MerkleHash.empty }
        var path = path[...]
        if old.size & (old.size - 1) == 0 { path = [old.root] + path }
        guard let first = path.popFirst() else { return false }
        var (place, last) = (old.size - 1, new.size - 1)
        while place & 1 == 1 { (place, last) = (place >> 1, last >> 1) }
        var (before, after) = (first, first)
        for other in path {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                (before, after) = (MerkleHash.node(other, before), MerkleHash.node(other, after))
                while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                after = MerkleHash.node(after, other)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && before == old.root && after == new.root
    }
}
