import Attestation
import ContentAddress
import Testing
import TransparencyLog

/// A witness signs what goes on from what it saw, and a policy counts the witnesses that it names.
@Suite struct WitnessTests {
    private let log: PrivateKey
    private let witnesses: [PrivateKey]
    private let leaves = (0..<13).map { MerkleHash.leaf(Array("event \($0)".utf8)) }
    private static let origin = "example.org/log"

    init() throws {
        log = try PrivateKey.generate(.ed25519)
        witnesses = try (0..<3).map { _ in try PrivateKey.generate(.ed25519) }
    }

    private var prover: MerkleProver {
        MerkleProver { level, index in
            var part = Array(leaves[Int(index << Int64(level))..<Int((index + 1) << Int64(level))])
            while part.count > 1 {
                part = stride(from: 0, to: part.count, by: 2).map { MerkleHash.node(part[$0], part[$0 + 1]) }
            }
            return part[0]
        }
    }

    private func checkpoint(_ size: Int64) throws -> Checkpoint {
        Checkpoint(origin: Self.origin, size: size, root: try prover.root(of: size))
    }

    private func note(_ size: Int64, by indices: [Int] = []) throws -> SignedNote {
        var note = try SignedNote(signing: checkpoint(size).text, as: Self.origin, by: log)
        for index in indices {
            let line = try note.cosignature(as: "w\(index)", at: 1_700_000_000, by: witnesses[index]).line
            note = try note.adding(Array(line.utf8), of: [verifier(index)])
        }
        return note
    }

    private func verifier(_ index: Int) throws -> NoteVerifier {
        try NoteVerifier(name: "w\(index)", key: witnesses[index].publicKey, kind: .cosignature)
    }

    private func policy(_ lines: String) throws -> LogPolicy {
        let keys = try (0..<3).map { "witness W\($0) \(try verifier($0).text)\n" }.joined()
        let log = try NoteVerifier(name: Self.origin, key: log.publicKey).text
        return try LogPolicy(parsing: Array("# a comment\n\nlog \(log) https://log.example\n\(keys)\(lines)\n".utf8))
    }

    // The key of a public witness: its hash is made with the type byte of cosignatures.
    @Test func readsTheKeyOfAWitness() throws {
        let text = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
        let key = try NoteVerifier(parsing: text)
        #expect(key.kind == .cosignature && key.text == text)
        #expect(throws: NoteError.self) { try NoteVerifier(parsing: text.replacing("+BOvN", with: "+AevN")) }
    }

    // C2SP tlog-cosignature, "Format": the time of the example's second signature.
    @Test func theTimeIsTheSpecifications() throws {
        let bytes = try #require(
            Base64.decode(
                "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
            )
        )
        #expect(bytes.count == 76)
        #expect(bytes[4..<12].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } == 1_679_315_147)
    }

    @Test func aCosignatureIsOverTimeAndText() throws {
        let note = try note(5, by: [0])
        let line = try #require(note.signatures.last)
        let message = Array("cosignature/v1\ntime 1700000000\n\(note.text)".utf8)
        #expect(witnesses[0].publicKey.verifies(Array(line.bytes.dropFirst(12)), of: message))
        #expect(try note.cosignature(of: verifier(0))?.time == 1_700_000_000)
        #expect(try note.cosignature(of: verifier(1)) == nil)
        #expect(try SignedNote(parsing: note.bytes) == note)
    }

    @Test func noByteOfACosignatureCanBeChanged() throws {
        let note = try note(5, by: [0])
        let line = try #require(note.signatures.last?.line)
        let policy = try policy("quorum W0")
        _ = try policy.check(note)
        let bytes = note.bytes
        for place in (bytes.count - line.utf8.count)..<bytes.count {
            var altered = bytes
            altered[place] ^= 1
            #expect(throws: NoteError.self, "byte \(place)") { try policy.check(SignedNote(parsing: altered)) }
        }
    }

    @Test func aLogCantSignForAWitness() throws {
        let plain = try NoteVerifier(name: "w0", key: witnesses[0].publicKey)
        let note = try note(5)
        let signed = try SignedNote(signing: note.text, as: "w0", by: witnesses[0])
        let both = try note.adding(Array(signed.signatures[0].line.utf8), of: [plain])
        #expect(throws: NoteError.self) { try policy("quorum W0").check(both) }
    }

    @Test(arguments: [
        ("quorum none", [Int](), true), ("quorum W1", [0, 2], false), ("quorum W1", [1], true),
        ("group G any W0 W1\nquorum G", [2], false), ("group G any W0 W1\nquorum G", [1], true),
        ("group G all W0 W1\nquorum G", [1], false), ("group G 2 W0 W1 W2\nquorum G", [0, 2], true),
        ("group G 2 W0 W1 W2\nquorum G", [2], false),
        ("group G any W0 W1\ngroup H all G W2\nquorum H", [0, 1], false),
        ("group G any W0 W1\ngroup H all G W2\nquorum H", [1, 2], true),
    ])
    func aQuorumIsWhatThePolicySays(_ lines: String, _ signers: [Int], _ holds: Bool) throws {
        let policy = try policy(lines)
        let note = try note(9, by: signers)
        if holds {
            #expect(try policy.check(note).map(\.witness.name) == signers.map { "w\($0)" })
        } else {
            #expect(throws: NoteError.self) { try policy.check(note) }
        }
    }

    @Test(arguments: [
        ("", 1), ("quorum X", 7), ("quorum W0\nquorum W1", 8), ("group none any W0\nquorum W0", 7),
        ("group G any none\nquorum G", 7), ("group G 0 W0\nquorum G", 7), ("group G 2 W0\nquorum G", 7),
        ("group G 01 W0\nquorum G", 7), ("group G any\nquorum G", 7), ("group G any W0 W0\nquorum G", 7),
        ("group G any W0\ngroup H any W0\nquorum H", 8), ("group W0 any W1\nquorum W0", 7),
        ("quorum W0 W1", 7), ("witness X w+00000000+AAAA\nquorum X", 7), ("quorum\u{0}W0", 7), ("trust W0", 7),
        ("group G any H\ngroup H any W0\nquorum G", 7),
        // A name is bytes: the Kelvin sign is not a K, though texts with either are equal.
        ("group K any W0\nquorum \u{212A}", 8),
    ])
    func refusesThePolicy(_ lines: String, _ line: Int) throws {
        let error = #expect(throws: NoteError.self) { try policy(lines) }
        guard case .policy(let found, _) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(found == line)
    }

    @Test func aKeyIsThereOnce() throws {
        let other = try NoteVerifier(name: "again", key: witnesses[0].publicKey, kind: .cosignature).text
        #expect(throws: NoteError.self) { try policy("witness X \(other)\nquorum X") }
        let log = try NoteVerifier(name: "again", key: log.publicKey).text
        #expect(throws: NoteError.self) { try policy("log \(log)\nquorum none") }
        #expect(throws: NoteError.self) { try policy("log \(other)\nquorum none") }
    }

    @Test func aPolicyOfTooManyGroupsIsRefused() throws {
        let chain = (1...5000).map { "group G\($0) any \($0 == 1 ? "W0" : "G\($0 - 1)")\n" }.joined()
        #expect(throws: NoteError.self) { try policy(chain + "quorum G5000") }
        let most = (1...900).map { "group G\($0) any \($0 == 1 ? "W0" : "G\($0 - 1)")\n" }.joined()
        _ = try policy(most + "quorum G900").check(note(3, by: [0]))
    }

    @Test(arguments: [(0, 5), (3, 13), (8, 12), (13, 13)] as [(Int64, Int64)])
    func aRequestIsReadAndChecked(_ old: Int64, _ size: Int64) throws {
        let path = try prover.consistency(from: old, to: size)
        let request = try WitnessRequest(old: old, path: path, note: note(size))
        #expect(try WitnessRequest(parsing: request.bytes) == request)
        let last = try old == 0 ? nil : checkpoint(old)
        try request.check(against: last)
        // What the witness knows has another size, or another root.
        #expect(throws: NoteError.otherStart(Self.origin, known: 7, given: old)) {
            try request.check(against: checkpoint(7))
        }
        guard old > 0 else { return }
        #expect(throws: NoteError.otherStart(Self.origin, known: 0, given: old)) { try request.check(against: nil) }
        let forked = Checkpoint(origin: Self.origin, size: old, root: Digest.of("another"))
        #expect(throws: NoteError.self) { try request.check(against: forked) }
    }

    @Test(arguments: [
        "", "old 0\n", "new 0\n\n", "old 00\n\n", "old -1\n\n", "old 9\n\n", "old 1\nAAAA\n\n",
    ])
    func refusesTheRequest(_ head: String) throws {
        let note = try note(5).bytes
        #expect(throws: NoteError.self) { try WitnessRequest(parsing: Array(head.utf8) + note) }
    }
}
