import ContentAddress
import Testing

@testable import Attestation

/// Keys that cosign encrypted: scrypt, and NaCl's secretbox.
@Suite struct CosignKeyTests {
    /// Made by libsodium and Python's scrypt, in cosign's form; the password is `correct horse`.
    private static let pem = Array(
        """
        -----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----
        eyJrZGYiOnsibmFtZSI6InNjcnlwdCIsInBhcmFtcyI6eyJOIjozMjc2OCwiciI6
        OCwicCI6MX0sInNhbHQiOiJKeERvTWpXSkZhU09QSHhqRkw1eDRNZTZuYmVTbGFi
        dkFic2tZTm1Pbm1ZPSJ9LCJjaXBoZXIiOnsibmFtZSI6Im5hY2wvc2VjcmV0Ym94
        Iiwibm9uY2UiOiJQZysrL1RrbnM0dnpjNnFkR0ZaVVRJOHJNclNXbDFHNCJ9LCJj
        aXBoZXJ0ZXh0IjoiYTJJQ2ZTSm9yanpVL2dia0E5TUNxUGdzWkFzcS9UK25mNFBW
        Y1l5QURkNmh2SktJbXdXN2pBMFlhNC9BZjJXdnFxZmkxNVZIelV0VXJDNFpUUUVH
        d1o2aDVuMnc0dkZ6ZWYxWWlqQUhGVWJyRFpXcGxmR0hYQ1Y0dkNMekZXL2IrOEZF
        U080ZHl2Vm1zYzNpU1h0UDdRdGQ3czU5aEZEYXdUaUE4VVFCK3ZpTFhndDg5WFM1
        TzFPQSsyditJakdBZFU5aG5SYitObzQ5ZlE9PSJ9
        -----END ENCRYPTED SIGSTORE PRIVATE KEY-----
        """.utf8
    )

    private static let message =
        "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c012335"
        + "61f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c"
        + "60902e52f0a089bc76897040e082f937763848645e0705"
    private static let box =
        "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dc"
        + "e87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb373"
        + "2bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5"

    @Test func opensWithItsPassword() throws {
        let key = try PrivateKey(pem: Self.pem, passphrase: Array("correct horse".utf8))
        #expect(key.publicKey.identifier.hex == "3a3a9afbada2c3eac096ae0260c6972b0193bebedfc97bddd48032b2181f04d5")
        #expect(key.publicKey.algorithm == .ecdsaP256)
        #expect(key.publicKey.verifies(try key.sign([1]), of: [1]))
        let older = String(decoding: Self.pem, as: UTF8.self).replacing("SIGSTORE", with: "COSIGN")
        #expect(
            try PrivateKey(pem: Array(older.utf8), passphrase: Array("correct horse".utf8)).publicKey == key.publicKey
        )
    }

    @Test func opensWithNoOther() {
        #expect(throws: KeyError.wrongPassphrase(what: "it")) {
            try PrivateKey(pem: Self.pem, passphrase: Array("battery staple".utf8), what: "it")
        }
        #expect(throws: KeyError.passphraseNeeded(what: "it")) { try PrivateKey(pem: Self.pem, what: "it") }
    }

    /// The example of "Cryptography in NaCl", sections 8 to 10.
    @Test func secretBoxesAreThoseOfNaCl() throws {
        let key = try #require(
            Hexadecimal.decode("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389".utf8)
        )
        let nonce = try #require(Hexadecimal.decode("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37".utf8))
        let message = try #require(Hexadecimal.decode(Self.message.utf8))
        let box = try #require(Hexadecimal.decode(Self.box.utf8))
        #expect(try SecretBox.open(box, key: key, nonce: nonce) == message)
        for place in box.indices {
            var altered = box
            altered[place] ^= 1
            #expect(try SecretBox.open(altered, key: key, nonce: nonce) == nil, "byte \(place)")
        }
    }

    @Test(arguments: [
        (#""N":32768"#, #""N":32767"#), (#""N":32768"#, #""N":4611686018427387904"#), (#""N":32768"#, #""N":1048576"#),
        (#""r":8"#, #""r":0"#), (#""p":1"#, #""p":-1"#), ("scrypt", "pbkdf2"), ("nacl/secretbox", "aes"),
    ])
    func whatAsksForTooMuchIsRefused(_ found: String, _ written: String) throws {
        let text = String(
            decoding: try #require(PEM.decode(Self.pem, label: "ENCRYPTED SIGSTORE PRIVATE KEY")),
            as: UTF8.self
        )
        let altered = text.replacing(found, with: written)
        #expect(altered != text)
        let pem = Array(PEM.encode(Array(altered.utf8), label: "ENCRYPTED SIGSTORE PRIVATE KEY").utf8)
        let error = #expect(throws: KeyError.self) { try PrivateKey(pem: pem, passphrase: [1], what: "it") }
        guard case .unreadable? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
