import Attestation
import ContentAddress
import JSON
import Testing

@Suite struct ProvenanceTests {
    private static let file = Digest.of("file")

    private static func statement(_ type: String = "https://slsa.dev/provenance/v1") -> Statement {
        Statement(
            subjects: [.init(name: "agent", digest: file)],
            predicateType: type,
            predicate: .object(["runDetails": .object(["builder": .object(["id": .string("https://ci.example/b")])])])
        )
    }

    private static func text(_ envelope: Envelope) -> String {
        String(decoding: CanonicalJSON.encode(envelope.json), as: UTF8.self)
    }

    private static func all(_ text: String) throws -> [Provenance] {
        try Provenance.all(in: Array(text.utf8), what: "it")
    }

    @Test func anEnvelopeIsKeptByteForByte() throws {
        let key = try PrivateKey.generate(.ecdsaP256)
        let text = Self.text(try Self.statement().signed(by: key))
        let spaced = text.replacing(#","payloadType""#, with: ",\n  \"payloadType\"")
        let provenance = try #require(try Self.all(" \(spaced)\n").first)
        #expect(provenance.bytes == Array(spaced.utf8))
        #expect(provenance.form == .envelope && provenance.hint == nil && !provenance.hasCertificate)
        #expect(provenance.isSigned(by: key.publicKey))
        #expect(!provenance.isSigned(by: try PrivateKey.generate(.ecdsaP256).publicKey))
        #expect(provenance.statement.isAbout(Self.file))
        #expect(provenance.builder == "https://ci.example/b")
    }

    @Test func linesAreDocuments() throws {
        let key = try PrivateKey.generate(.ed25519)
        let envelope = Self.text(try Self.statement().signed(by: key))
        let bundle = String(decoding: try SigstoreBundle(signing: Self.statement(), by: key).bytes, as: UTF8.self)
        let all = try Self.all("\(envelope)\n\n\(bundle)\n")
        #expect(all.map(\.form) == [.envelope, .bundle])
        #expect(all.map(\.hint) == [nil, key.publicKey.hint])
        #expect(all.allSatisfy { $0.isSigned(by: key.publicKey) })
        #expect(String(decoding: all[1].bytes, as: UTF8.self) == bundle)
    }

    // As `gh attestation download` and GitHub's API give them, with a certificate, entries of a log and timestamps.
    @Test func bundlesOfOthersAreRead() throws {
        let key = try PrivateKey.generate(.ecdsaP256)
        let envelope = Self.text(try Self.statement().signed(by: key))
        let bundle = """
            {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{"rawBytes":"AA=="},
            "tlogEntries":[{"logIndex":"1"}],"timestampVerificationData":{}},"dsseEnvelope":\(envelope)}
            """
        let older = bundle.replacing(#""certificate":{"rawBytes":"AA=="}"#, with: #""x509CertificateChain":{}"#)
        let answer =
            #"{"attestations":[{"bundle":\#(bundle),"repository_id":1,"bundle_url":"https://x"},{"bundle":\#(older)}]}"#
        let all = try Self.all(answer)
        #expect(all.map(\.hasCertificate) == [true, true])
        #expect(all.map { String(decoding: $0.bytes, as: UTF8.self) } == [bundle, older])
        let signed = envelope.replacing(#"{"sig":"#, with: #"{"cert":"-----BEGIN","keyid":"","sig":"#)
        #expect(try Self.all(signed).map(\.hasCertificate) == [true])
    }

    @Test func statementsOfTheVersionBeforeAreRead() throws {
        let key = try PrivateKey.generate(.ecdsaP256)
        let payload = """
            {"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v0.2",
            "subject":[{"name":"agent","digest":{"sha256":"\(Self.file.hex)"}}],"predicate":{"builder":{"id":"b"}}}
            """
        let envelope = try Envelope(signing: Array(payload.utf8), type: Statement.payloadType, by: key)
        let provenance = try #require(try Self.all(Self.text(envelope)).first)
        #expect(provenance.builder == "b")
        #expect(provenance.statement.isAbout(Self.file))
    }

    @Test(arguments: [
        ("", "no attestation"), ("{}", "neither"), ("[]", "an object is expected"),
        (#"{"attestations":[]}"#, "no attestation"),
        (#"{"attestations":[{}]}"#, "no 'bundle'"), (#"{"dsseEnvelope":{}}"#, "verificationMaterial"),
        (#"{"payload":"e30=","payloadType":"text/plain","signatures":[{"sig":"AA=="}]}"#, "not a statement"),
        (#"{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[]}"#, "no signature"),
        (#"{"payload":"e30=","payload":"e30=","payloadType":"a","signatures":[{"sig":"AA=="}]}"#, "payload"),
        (#"{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"AA=="}]}"#, "_type"),
        ("{\"a\":1}\n{", "neither"),
    ])
    func whatIsNoAttestationIsRefused(_ text: String, _ reason: String) {
        let error = #expect(throws: AttestationError.self) { try Self.all(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
}
