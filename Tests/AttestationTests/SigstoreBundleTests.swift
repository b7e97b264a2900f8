import Attestation
import ContentAddress
import JSON
import Testing

@Suite struct SigstoreBundleTests {
    private static let file = Digest.of("file")
    private static let statement = Statement(
        subjects: [.init(name: "agent", digest: file), .init(name: "image", digest: Digest.of("image"))],
        predicateType: "https://in-toto.io/attestation/release/v0.1",
        predicate: .object(["purl": .string("pkg:generic/agent@1.2.3")])
    )

    @Test(arguments: KeyAlgorithm.allCases)
    func verifiesByItsKeyAlone(_ algorithm: KeyAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm)
        let bundle = try SigstoreBundle(signing: Self.statement, by: key)
        let read = try SigstoreBundle(parsing: bundle.bytes, what: "it")
        #expect(read == bundle)
        try read.verify(by: key.publicKey, what: "it")
        let other = try PrivateKey.generate(algorithm).publicKey
        #expect(throws: AttestationError.self) { try read.verify(by: other, what: "it") }
        #expect(read.statement.isAbout(Self.file))
        #expect(read.statement.isAbout(Digest.of("image")))
        #expect(!read.statement.isAbout(Digest.of("other")))
        #expect(read.statement.predicate?["purl"]?.string == "pkg:generic/agent@1.2.3")
    }

    @Test func hasTheFormThatStockVerifiersAccept() throws {
        let key = try PrivateKey.generate(.ecdsaP256)
        let text = String(decoding: try SigstoreBundle(signing: Self.statement, by: key).bytes, as: UTF8.self)
        #expect(text.contains(#""payloadType":"application/vnd.in-toto+json","signatures":[{"sig":""#))
        #expect(
            text.contains(#""verificationMaterial":{"publicKey":{"hint":"\#(key.publicKey.hint)"},"tlogEntries":[]}"#)
        )
        #expect(!text.contains("keyid"))
    }

    // Whatever byte is changed, the bundle isn't read, or doesn't verify.
    @Test func noByteCanBeChanged() throws {
        let key = try PrivateKey.generate(.ed25519)
        let bytes = try SigstoreBundle(signing: Self.statement, by: key).bytes
        for place in bytes.indices {
            for flip: UInt8 in [0x01, 0x20] {
                var altered = bytes
                altered[place] ^= flip
                let isAccepted =
                    (try? SigstoreBundle(parsing: altered, what: "it").verify(by: key.publicKey, what: "it")) != nil
                #expect(!isAccepted, "byte \(place) flipped by \(flip)")
            }
            let isCutAccepted = (try? SigstoreBundle(parsing: Array(bytes[..<place]), what: "it")) != nil
            #expect(!isCutAccepted, "cut at \(place)")
        }
    }

    @Test(arguments: [
        (
            "a statement's member twice",
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"00"}}],"subject":[],"predicateType":"p","predicate":{}}"#
        ),
        (
            "a digest twice",
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"00","sha256":"11"}}],"predicateType":"p","predicate":{}}"#
        ),
        (
            "another type",
            #"{"_type":"https://in-toto.io/Statement/v0.1","subject":[{"digest":{"sha256":"00"}}],"predicateType":"p","predicate":{}}"#
        ),
        ("no subject", #"{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"p","predicate":{}}"#),
        (
            "a subject without a digest",
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a"}],"predicateType":"p","predicate":{}}"#
        ),
        (
            "no predicate type",
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"00"}}],"predicate":{}}"#
        ),
        (
            "an unknown member",
            #"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"00"}}],"predicateType":"p","predicate":{},"x":1}"#
        ),
    ])
    func refusesTheStatement(_ fault: String, _ text: String) throws {
        #expect(throws: AttestationError.self, "\(fault)") {
            _ = try Statement(parsing: Array(text.utf8), what: "the statement")
        }
    }
}
