package import ArtifactStore
import ContentAddress
import TransparencyLog

/// What shows that an event is in the log, in JSON.
package struct LogProofShape: Encodable {
    let index: Int64
    let leaf: String
    let leafHash: String
    let origin: String
    let size: Int64
    let root: String
    let path: [String]

    package init(_ proof: LogProof) {
        index = proof.index
        leaf = String(decoding: proof.leaf, as: UTF8.self)
        leafHash = MerkleHash.leaf(proof.leaf).hex
        origin = proof.checkpoint.origin
        size = proof.checkpoint.size
        root = proof.checkpoint.root.hex
        path = proof.path.map(\.hex)
    }
}
