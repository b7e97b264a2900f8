import Attestation
import ContentAddress
import Testing
import TransparencyLog

@Suite struct NoteTests {
    // golang.org/x/mod/sumdb/note, ExampleOpen.
    private static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    private static let note = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """

    @Test func opensGosExample() throws {
        let verifier = try NoteVerifier(parsing: Self.key)
        #expect(verifier.text == Self.key)
        let note = try SignedNote(parsing: Array(Self.note.utf8))
        #expect(note.bytes == Array(Self.note.utf8))
        #expect(note.text.hasSuffix("what your problem is.\n"))
        try note.verify(by: verifier)
    }

    @Test func noByteOfItCanBeChanged() throws {
        let verifier = try NoteVerifier(parsing: Self.key)
        let bytes = Array(Self.note.utf8)
        for place in bytes.indices {
            var altered = bytes
            altered[place] ^= 1
            #expect(throws: NoteError.self, "byte \(place)") {
                try SignedNote(parsing: altered).verify(by: verifier)
            }
        }
    }

    @Test(arguments: [
        "", "text\n", "text\n\n", "text\n\nno signature\n", "text\n\n\u{2014} name AAAA\n",
        "text\n\n\u{2014} na+me AAAAAAA=\n",
        "text\r\n\n\u{2014} name AAAAAAA=\n", "text\n\n\u{2014} name AAAAAAA=", "text\n\n\u{2014}  name AAAAAAA=\n",
    ])
    func refuses(_ text: String) {
        #expect(throws: NoteError.self) { _ = try SignedNote(parsing: Array(text.utf8)) }
    }

    @Test func aCheckpointIsSignedAndReadBack() throws {
        let key = try PrivateKey.generate(.ed25519)
        let checkpoint = Checkpoint(origin: "example.org/log", size: 42, root: Digest.of("root"))
        let note = try SignedNote(signing: checkpoint.text, as: checkpoint.origin, by: key)
        let read = try SignedNote(parsing: note.bytes)
        try read.verify(by: NoteVerifier(name: "example.org/log", key: key.publicKey))
        #expect(try Checkpoint(parsing: read.text) == checkpoint)
        let other = try PrivateKey.generate(.ed25519).publicKey
        #expect(throws: NoteError.unsigned(by: "example.org/log")) {
            try read.verify(by: NoteVerifier(name: "example.org/log", key: other))
        }
        #expect(throws: NoteError.self) {
            _ = try SignedNote(signing: "x\n", as: "name", by: PrivateKey.generate(.ecdsaP256))
        }
    }

    @Test(arguments: [
        "origin\n1\nAAAA\n", "origin\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "origin\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "origin\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "origin\n99999999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    ])
    func refusesTheCheckpoint(_ text: String) {
        #expect(throws: NoteError.self) { _ = try Checkpoint(parsing: text) }
    }

    // C2SP tlog-tiles, "Merkle Tree": 1234067 is x001/x234/067, of partial width .p/8.
    @Test func tilesHaveTheSpecificationsPaths() {
        #expect(Tile(level: 0, index: 1_234_067).path == "tile/0/x001/x234/067")
        #expect(Tile(level: 1, index: 7, count: 8).path == "tile/1/007.p/8")
        #expect(Tile(level: 0, index: 273, count: 112).entriesPath == "tile/entries/273.p/112")
        // The specification's example: a tree of 70,000 leaves.
        let paths = Tile.all(of: 70_000).map(\.path)
        #expect(paths.count == 273 + 1 + 1 + 1 + 1)
        #expect(paths.suffix(4) == ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"])
        #expect(Tile.entries([[1], []]) == [0, 1, 1, 0, 0])
        #expect(Tile.entries([[UInt8](repeating: 0, count: 65_536)]) == nil)
    }
}
