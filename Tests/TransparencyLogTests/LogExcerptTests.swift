import Attestation
import ContentAddress
import Testing
import TransparencyLog

/// An excerpt proves what it has, and a log goes on from what is known of it or is refused.
@Suite struct LogExcerptTests {
    private let key: PrivateKey
    private let leaves = (0..<21).map { Array("event \($0)".utf8) }
    private static let origin = "example.org/log"

    init() throws { key = try PrivateKey.generate(.ed25519) }

    /// A log of the first leaves, whose leaf at `edited` is another one.
    private func excerpt(
        of size: Int,
        entries: [Int] = [],
        formers: [Int] = [],
        edited: Int? = nil
    ) throws -> LogExcerpt {
        let leaves = self.leaves.enumerated().map { $0 == edited ? Array("edited".utf8) : $1 }
        let hashes = leaves.map(MerkleHash.leaf)
        let prover = MerkleProver { level, index in
            var part = Array(hashes[Int(index << Int64(level))..<Int((index + 1) << Int64(level))])
            while part.count > 1 {
                part = stride(from: 0, to: part.count, by: 2).map { MerkleHash.node(part[$0], part[$0 + 1]) }
            }
            return part[0]
        }
        let checkpoint = Checkpoint(origin: Self.origin, size: Int64(size), root: try prover.root(of: Int64(size)))
        return try LogExcerpt(
            note: SignedNote(signing: checkpoint.text, as: Self.origin, by: key).bytes,
            entries: entries.map { index in
                try .init(
                    index: Int64(index),
                    leaf: leaves[index],
                    path: prover.inclusion(of: Int64(index), in: Int64(size))
                )
            },
            formers: formers.map { former in
                try .init(
                    size: Int64(former),
                    root: prover.root(of: Int64(former)),
                    path: prover.consistency(from: Int64(former), to: Int64(size))
                )
            }
        )
    }

    @Test func readsWhatItWrites() throws {
        let excerpt = try excerpt(of: 21, entries: [0, 7, 20], formers: [1, 8, 20])
        let read = try LogExcerpt(parsing: excerpt.bytes)
        #expect(read == excerpt)
        #expect(read.entries.map(\.leaf) == [leaves[0], leaves[7], leaves[20]])
        try read.note.verify(by: NoteVerifier(name: Self.origin, key: key.publicKey))
    }

    @Test func hasNoSecondForm() throws {
        let bytes = try excerpt(of: 5, entries: [1]).bytes
        #expect(throws: NoteError.self) { try LogExcerpt(parsing: bytes + [0x20]) }
        for place in bytes.indices {
            var altered = bytes
            altered[place] ^= 1
            // A signature is checked by whoever has the key; all else is proved by what is signed.
            guard let read = try? LogExcerpt(parsing: altered) else { continue }
            let verifier = try NoteVerifier(name: Self.origin, key: key.publicKey)
            #expect(throws: NoteError.self, "byte \(place)") { try read.note.verify(by: verifier) }
        }
    }

    @Test func goesOnFromWhatIsKnown() throws {
        let known = [try excerpt(of: 3).checkpoint, try excerpt(of: 8).checkpoint]
        try excerpt(of: 21, formers: [3, 8]).check(against: known)
        try excerpt(of: 8).check(against: known)
        try excerpt(of: 3).check(against: known)
        try excerpt(of: 21).check(against: [])
        try excerpt(of: 21).check(against: [Checkpoint(origin: "another", size: 30, root: MerkleHash.empty)])
    }

    @Test func isRefusedWhereItWasRewrittenOrCut() throws {
        let known = [try excerpt(of: 8).checkpoint]
        func error(_ excerpt: LogExcerpt) -> NoteError? {
            #expect(throws: NoteError.self) { try excerpt.check(against: known) }
        }
        #expect(error(try excerpt(of: 8, edited: 2)) == .forked(Self.origin, 8))
        #expect(error(try excerpt(of: 21, formers: [8], edited: 2)) == .forked(Self.origin, 8))
        #expect(error(try excerpt(of: 7)) == .rolledBack(Self.origin, known: 8, found: 7))
        #expect(error(try excerpt(of: 21)) == .unproved(Self.origin, known: 8))
        #expect(error(try excerpt(of: 21, formers: [7])) == .unproved(Self.origin, known: 8))
    }
}
