import ContentAddress
import Testing

@Suite struct DigestTests {
    // FIPS 180-4 examples, as NIST publishes them.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func hashesTheStandardsExamples(text: String, hex: String) {
        #expect(Digest.of(text).hex == hex)
    }

    @Test func hashingInPiecesIsHashingTheWhole() {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for step in [1, 63, 64, 65, 4096, 99_999] {
            var hasher = DigestHasher()
            for start in stride(from: 0, to: bytes.count, by: step) {
                hasher.update(Array(bytes[start..<min(start + step, bytes.count)]))
            }
            #expect(hasher.finalize() == Digest.of(bytes))
        }
    }

    @Test func writtenFormParsesBackToTheSameDigest() throws {
        let digest = Digest.of("abc")
        #expect(try Digest(parsing: digest.description) == digest)
        #expect(try Digest(hex: digest.hex) == digest)
        #expect(try Digest(bytes: digest.bytes) == digest)
    }

    @Test(arguments: [
        "", "sha256:", "sha256:abc", "sha512:" + String(repeating: "a", count: 128),
        "sha256:" + String(repeating: "A", count: 64), "sha256:" + String(repeating: "g", count: 64),
        "SHA256:" + String(repeating: "a", count: 64), "sha256:" + String(repeating: "a", count: 65),
        "sha256:../../../../etc/passwd",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(throws: DigestError.self) { try Digest(parsing: text) }
        #expect(throws: DigestError.self) { try Array(text.utf8).withUnsafeBufferPointer { try Digest(parsing: $0) } }
    }

    @Test func eachCharacterIsADigitOrIsRefused() throws {
        let digits = Array("0123456789abcdef".utf8)
        for place in [0, 7, 8, 15, 31, 63] {
            for byte in UInt8.min...0x7F {
                var text = Array(repeating: UInt8(ascii: "0"), count: 64)
                text[place] = byte
                let digest = try? Digest(hex: String(decoding: text, as: UTF8.self))
                var expected = [UInt8](repeating: 0, count: 32)
                let value = digits.firstIndex(of: byte)
                expected[place / 2] = UInt8(value ?? 0) << (place.isMultiple(of: 2) ? 4 : 0)
                #expect(digest?.bytes == value.map { _ in expected })
            }
        }
    }

    @Test func orderIsByteOrder() throws {
        let low = try Digest(hex: String(repeating: "0", count: 63) + "1")
        let high = try Digest(hex: "1" + String(repeating: "0", count: 63))
        #expect(low < high)
        #expect(!(high < low))
    }
}
