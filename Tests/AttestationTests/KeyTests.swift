import Attestation
import Testing

@Suite struct KeyTests {
    @Test(arguments: KeyAlgorithm.allCases)
    func aKeyIsReadBack(_ algorithm: KeyAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm)
        #expect(key.publicKey.algorithm == algorithm)
        let read = try PrivateKey(pem: Array(try key.pem().utf8))
        #expect(read.publicKey == key.publicKey)
        #expect(try PublicKey(pem: Array(key.publicKey.pem.utf8)) == key.publicKey)
        #expect(try PublicKey(encoded: key.publicKey.encoded) == key.publicKey)
        let message = Array("message".utf8)
        let signature = try read.sign(message)
        #expect(key.publicKey.verifies(signature, of: message))
        #expect(!key.publicKey.verifies(signature, of: message + [0]))
        for place in signature.indices {
            var altered = signature
            altered[place] ^= 1
            #expect(!key.publicKey.verifies(altered, of: message), "byte \(place)")
        }
        #expect(!key.publicKey.verifies([], of: message))
        #expect(!key.publicKey.verifies(signature + [0], of: message))
    }

    @Test func aPassphraseIsNeededAndChecked() throws {
        let key = try PrivateKey.generate(.ecdsaP256)
        let pem = Array(try key.pem(passphrase: Array("secret".utf8)).utf8)
        #expect(String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
        #expect(try PrivateKey(pem: pem, passphrase: Array("secret".utf8)).publicKey == key.publicKey)
        #expect(throws: KeyError.passphraseNeeded(what: "k")) { _ = try PrivateKey(pem: pem, what: "k") }
        #expect(throws: KeyError.wrongPassphrase(what: "k")) {
            _ = try PrivateKey(pem: pem, passphrase: Array("other".utf8), what: "k")
        }
    }

    // RFC 8032, section 7.1, test 2.
    @Test func signsAsRFC8032Says() throws {
        let pem = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
            -----END PRIVATE KEY-----

            """
        let key = try PrivateKey(pem: Array(pem.utf8))
        #expect(key.publicKey.raw.starts(with: [0x3D, 0x40, 0x17, 0xC3]))
        let signature = try key.sign([0x72])
        #expect(signature.count == 64)
        #expect(signature.starts(with: [0x92, 0xA0, 0x09, 0xA9, 0xF0, 0xD4, 0xCA, 0xB8]))
    }

    @Test func otherKindsAreNamed() {
        let curve = """
            -----BEGIN PUBLIC KEY-----
            MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEOuSgNNYiTkiLQ7IdLT1xvQSjbbcCYTbd
            ft2e1DHq+gxUhwz0jGYYUeVUfLGvQ1IwUUZrTVvFEBJn0d4nCOOoFQ==
            -----END PUBLIC KEY-----

            """
        #expect(throws: KeyError.self) { _ = try PublicKey(pem: Array(curve.utf8)) }
    }

    @Test func aKeyOfTwoHalvesThatDoNotMatchIsRefused() throws {
        // One bit of the private half was changed.
        let pem = """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIFm+uqZ3hXlO0+3KYacCVX8aH9yB8uwEhRM+6hvhhsU7oAoGCCqGSM49
            AwEHoUQDQgAElHyiAfCMZDGRRDP2wRXZee5LznO1nOGJgeRbCwFqdyojvYoiOuRQ
            D1p4Jce7CysPOWyyCUlgPbgXKJRWgz3ybQ==
            -----END EC PRIVATE KEY-----

            """
        #expect(throws: KeyError.unreadable(what: "k", reason: "its public half is another key's")) {
            _ = try PrivateKey(pem: Array(pem.utf8), what: "k")
        }
    }

    @Test func aFileOfTwoKeysIsRefused() throws {
        let first = try PrivateKey.generate(.ed25519).publicKey.pem
        let second = try PrivateKey.generate(.ed25519).publicKey.pem
        #expect(throws: KeyError.self) { _ = try PublicKey(pem: Array((first + second).utf8)) }
        #expect(throws: KeyError.self) { _ = try PublicKey(pem: []) }
        #expect(throws: KeyError.self) { _ = try PublicKey(encoded: [0x30, 0]) }
    }
}
