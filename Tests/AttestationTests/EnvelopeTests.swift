import Attestation
import ContentAddress
import Testing

@Suite struct EnvelopeTests {
    // DSSE 1.0.0, protocol.md, "Test Vectors".
    @Test func encodesTheSpecificationsExample() {
        let encoded = Envelope.preAuthenticationEncoding(
            Array("hello world".utf8),
            type: "http://example.com/HelloWorld"
        )
        #expect(encoded == Array("DSSEv1 29 http://example.com/HelloWorld 11 hello world".utf8))
    }

    @Test(arguments: KeyAlgorithm.allCases)
    func isSignedByItsKeyAlone(_ algorithm: KeyAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm)
        let other = try PrivateKey.generate(algorithm)
        let envelope = try Envelope(signing: Array("{}".utf8), type: "application/json", by: key)
        let read = try Envelope(parsing: CanonicalJSON.encode(envelope.json), what: "the envelope")
        #expect(read == envelope)
        #expect(read.isSigned(by: key.publicKey))
        #expect(!read.isSigned(by: other.publicKey))
    }

    // Of two texts that say the same, a reader of one alphabet would refuse the other.
    @Test func readsTheOtherAlphabet() throws {
        let text = #"{"payload":"-_8=","payloadType":"t","signatures":[{"keyid":"","sig":"-_8="}]}"#
        #expect(try Envelope(parsing: Array(text.utf8), what: "it").payload == [0xFB, 0xFF])
    }

    @Test(arguments: [
        ("not JSON", "{"),
        ("a list", "[]"),
        ("a member twice", #"{"payload":"","payload":"","payloadType":"t","signatures":[{"sig":""}]}"#),
        (
            "a member twice by an escape",
            #"{"payload":"","p\u0061yload":"","payloadType":"t","signatures":[{"sig":""}]}"#
        ),
        ("a signature's member twice", #"{"payload":"","payloadType":"t","signatures":[{"sig":"","sig":""}]}"#),
        ("an unknown member", #"{"payload":"","payloadType":"t","signatures":[{"sig":""}],"more":1}"#),
        ("other letter case", #"{"Payload":"","payloadType":"t","signatures":[{"sig":""}]}"#),
        ("no signatures", #"{"payload":"","payloadType":"t"}"#),
        ("an empty list of signatures", #"{"payload":"","payloadType":"t","signatures":[]}"#),
        ("a signature that is a text", #"{"payload":"","payloadType":"t","signatures":["YQ=="]}"#),
        ("a payload that is null", #"{"payload":null,"payloadType":"t","signatures":[{"sig":""}]}"#),
        ("base64 without padding", #"{"payload":"YQ","payloadType":"t","signatures":[{"sig":""}]}"#),
        ("base64 with loose bits", #"{"payload":"YR==","payloadType":"t","signatures":[{"sig":""}]}"#),
        ("base64 with a line feed", #"{"payload":"YWFh\nYWFh","payloadType":"t","signatures":[{"sig":""}]}"#),
        ("base64 of two alphabets", #"{"payload":"-/8=","payloadType":"t","signatures":[{"sig":""}]}"#),
        ("something behind it", #"{"payload":"","payloadType":"t","signatures":[{"sig":""}]} {}"#),
        ("a byte order mark", "\u{FEFF}" + #"{"payload":"","payloadType":"t","signatures":[{"sig":""}]}"#),
    ])
    func refuses(_ fault: String, _ text: String) {
        #expect(throws: AttestationError.self, "\(fault)") {
            _ = try Envelope(parsing: Array(text.utf8), what: "the envelope")
        }
    }
}

@Suite struct Base64Tests {
    // RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func followsTheVectors(_ plain: String, _ text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test func readsBackAllBytes() {
        for count in 0..<300 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: ["=", "A===", "AA=A", "====", "AB==", "AAB=", "A A=", "AA\u{E9}=", "AAAA="])
    func refuses(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
