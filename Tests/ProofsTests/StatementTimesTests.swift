import Attestation
import ContentAddress
import OCI
import Testing
import TransparencyLog

@testable import Proofs

/// What a log says of when a statement was signed.
@Suite struct StatementTimesTests {
    /// An excerpt of all leaves, which a tree of at most two has without hashes of others.
    private func excerpt(_ leaves: [String]) throws -> LogExcerpt {
        let leaves = leaves.map { Array($0.utf8) }
        let hashes = leaves.map(MerkleHash.leaf)
        var tree = Frontier()
        for hash in hashes { tree.append(hash) }
        let checkpoint = Checkpoint(origin: "log", size: Int64(leaves.count), root: tree.root)
        let note = try SignedNote(signing: checkpoint.text, as: "log", by: PrivateKey.generate(.ed25519))
        let entries = leaves.enumerated().map { number, leaf in
            let path = leaves.count == 1 ? [] : [hashes[1 - number]]
            return LogExcerpt.Entry(index: Int64(number), leaf: leaf, path: path)
        }
        return try LogExcerpt(note: note.bytes, entries: entries, formers: [])
    }

    private let one = Digest.of(Array("one".utf8))
    private let two = Digest.of(Array("two".utf8))

    @Test func eachStatementHasTheTimeOfItsLeaf() throws {
        let times = StatementTimes.read(
            try excerpt([
                #"{"at":"2026-11-28T10:00:00Z","digest":"\#(one)","what":"attest"}"#,
                #"{"at":"2026-11-28T11:00:00.5Z","statement":"\#(two)","what":"revoke"}"#,
            ])
        )
        #expect(times == [one: try time("2026-11-28T10:00:00Z"), two: try time("2026-11-28T11:00:00.5Z")])
    }

    @Test func noLeafLiesBeforeTheOneAboveIt() throws {
        let times = StatementTimes.read(
            try excerpt([
                #"{"at":"2026-11-28T10:00:00Z","what":"put"}"#,
                #"{"at":"2020-01-01T00:00:00Z","digest":"\#(one)","loggedAt":"2020-01-01T00:00:00Z","what":"attest"}"#,
            ])
        )
        #expect(times == [one: try time("2026-11-28T10:00:00Z")])
    }

    @Test(arguments: ["", "[]", "{}", #"{"at":1,"digest":"x"}"#, #"{"at":"yesterday","what":"attest"}"#])
    func leavesOfAnotherFormTellNothing(leaf: String) throws {
        #expect(StatementTimes.read(try excerpt([leaf])).isEmpty)
    }

    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }
}
