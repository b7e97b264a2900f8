import ContentAddress
import Testing
import TransparencyLog

/// The leaves and roots of Certificate Transparency's own tests (RFC 6962; google/certificate-transparency,
/// merkletree/merkle_tree_test.cc).
@Suite struct MerkleTests {
    private static let leaves = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]
    private static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func hasTheRootsOfTheVectors() throws {
        #expect(MerkleHash.empty.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        var tree = Frontier()
        #expect(tree.root == MerkleHash.empty)
        for (leaf, root) in zip(Self.leaves, Self.roots) {
            tree.append(MerkleHash.leaf(try #require(Hexadecimal.decode(leaf.utf8))))
            #expect(tree.root.hex == root)
        }
        #expect(Frontier(size: tree.size, roots: tree.roots) == tree)
        #expect(Frontier(size: 7, roots: tree.roots) == nil)
    }

    /// A tree of so many leaves, by its definition.
    private static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard leaves.count > 1 else { return leaves.first ?? MerkleHash.empty }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return MerkleHash.node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    private static func prover(_ leaves: [Digest]) -> MerkleProver {
        MerkleProver { level, index in root(leaves[Int(index << Int64(level))..<Int((index + 1) << Int64(level))]) }
    }

    @Test func provesEachLeafOfEachTree() throws {
        let leaves = (0..<40).map { MerkleHash.leaf([UInt8($0)]) }
        let prover = Self.prover(leaves)
        for size in 1...leaves.count {
            let root = Self.root(leaves[..<size])
            #expect(try prover.root(of: Int64(size)) == root)
            for index in 0..<size {
                let path = try prover.inclusion(of: Int64(index), in: Int64(size))
                func holds(_ leaf: Int, _ place: Int, _ count: Int, _ path: [Digest]) -> Bool {
                    MerkleProof.includes(leaves[leaf], at: Int64(place), in: Int64(count), root: root, path: path)
                }
                #expect(holds(index, index, size, path))
                #expect(!holds((index + 1) % leaves.count, index, size, path), "another leaf")
                #expect(size == 1 || !holds(index, (index + 1) % size, size, path), "another place")
                #expect(!holds(index, index, size, path + [root]), "a longer path")
                #expect(path.isEmpty || !holds(index, index, size, Array(path.dropLast())), "a shorter path")
                #expect(!holds(index, size, size, path), "beyond the end")
            }
        }
    }

    @Test func provesThatEachTreeBeginsWithEachSmallerOne() throws {
        let leaves = (0..<33).map { MerkleHash.leaf([UInt8($0)]) }
        let prover = Self.prover(leaves)
        for size in 0...leaves.count {
            for old in 0...size {
                let path = try prover.consistency(from: Int64(old), to: Int64(size))
                let before = (size: Int64(old), root: Self.root(leaves[..<old]))
                let after = (size: Int64(size), root: Self.root(leaves[..<size]))
                #expect(MerkleProof.isConsistent(before, after, path: path), "\(old) in \(size)")
                #expect(!MerkleProof.isConsistent(before, after, path: path + [before.root]), "\(old) in \(size)")
                let other = (size: Int64(old), root: Digest.of("another tree"))
                #expect(!MerkleProof.isConsistent(other, after, path: path), "a fork of \(old) in \(size)")
                #expect(old == size || !MerkleProof.isConsistent(after, before, path: path), "a rollback")
                for place in path.indices {
                    var altered = path
                    altered[place] = Digest.of("other")
                    #expect(!MerkleProof.isConsistent(before, after, path: altered))
                }
            }
        }
    }

    @Test func aFrontierCompletesTheSubtreesOfEachLevel() {
        let leaves = (0..<64).map { MerkleHash.leaf([UInt8($0)]) }
        var tree = Frontier()
        for (index, leaf) in leaves.enumerated() {
            for (level, hash) in tree.append(leaf).enumerated() {
                #expect(hash == Self.root(leaves[(index + 1 - (1 << level))...index]))
            }
            #expect(tree.root == Self.root(leaves[...index]))
        }
    }
}
