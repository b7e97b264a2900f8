package import ContentAddress

/// The hashes of a Merkle tree (RFC 6962, section 2.1): a leaf's can't stand for a node's.
package enum MerkleHash {
    /// The hash of a leaf's bytes.
    package static func leaf(_ bytes: [UInt8]) -> Digest {
        var hasher = DigestHasher()
        hasher.update([0])
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The hash of a node with two children.
    package static func node(_ left: Digest, _ right: Digest) -> Digest {
        var hasher = DigestHasher()
        hasher.update([1])
        hasher.update(left.bytes)
        hasher.update(right.bytes)
        return hasher.finalize()
    }

    /// The root of a tree without leaves.
    package static let empty = Digest.of([UInt8]())
}
