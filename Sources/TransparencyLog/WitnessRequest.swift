import Attestation
package import ContentAddress
import Printable

/// What a log sends to a witness: a checkpoint, and what shows that it goes on from the last one that the witness signed
/// (C2SP tlog-witness 1.0.0, "add-checkpoint").
package struct WitnessRequest: Sendable, Hashable {
    /// The size of that one; 0 for none.
    package let old: Int64
    /// The consistency proof.
    package let path: [Digest]
    package let note: SignedNote
    /// What the note says.
    package let checkpoint: Checkpoint

    private static let longestPath = 63

    package init(old: Int64, path: [Digest], note: SignedNote) throws(NoteError) {
        let checkpoint = try Checkpoint(parsing: note.text)
        guard (0...checkpoint.size).contains(old) else {
            throw .malformed("the old size \(old) is larger than the checkpoint's, \(checkpoint.size)")
        }
        guard path.count <= Self.longestPath else { throw .malformed("a proof of \(path.count) hashes is too long") }
        self.old = old
        self.path = path
        self.note = note
        self.checkpoint = checkpoint
    }

    /// The body of the request.
    package var bytes: [UInt8] {
        let lines = ["old \(old)"] + path.map { Base64.encode($0.bytes) }
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + note.bytes
    }

    /// Reads what ``bytes`` writes.
    package init(parsing bytes: [UInt8]) throws(NoteError) {
        let empty: [UInt8] = [0x0A, 0x0A]
        guard bytes.count <= SignedNote.sizeLimit, let end = bytes.firstRange(of: empty) else {
            throw .malformed("a request to a witness has an empty line before the checkpoint")
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix("old "), let old = Int64(first.dropFirst(4)),
            first == "old \(old)"
        else { throw .malformed("a request to a witness begins with a line 'old SIZE'") }
        guard lines.count <= Self.longestPath + 1 else { throw .malformed("its proof has too many lines") }
        var path: [Digest] = []
        for line in lines.dropFirst() {
            guard let bytes = Base64.decode(String(line)), let hash = try? Digest(bytes: bytes) else {
                throw .malformed(
                    "'\(printable(String(line), limit: 80))' is not a hash: 32 bytes in base64 are expected"
                )
            }
            path.append(hash)
        }
        try self.init(old: old, path: path, note: SignedNote(parsing: Array(bytes[end.upperBound...])))
    }

    /// Throws unless the checkpoint goes on from the last one of its log that was signed; nil for a log of which none was.
    package func check(against last: Checkpoint?) throws(NoteError) {
        guard last?.size ?? 0 == old else {
            throw .otherStart(checkpoint.origin, known: last?.size ?? 0, given: old)
        }
        let root = last?.root ?? MerkleHash.empty
        if old == checkpoint.size, root != checkpoint.root { throw .forked(checkpoint.origin, old) }
        guard MerkleProof.isConsistent((old, root), (checkpoint.size, checkpoint.root), path: path) else {
            throw .inconsistent(old, size: checkpoint.size)
        }
    }
}
