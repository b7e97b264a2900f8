import ArtifactStore
import Attestation
import OCI
import Printable
import Proofs
import TestSupport
import Testing

@Suite("One key for each role, wherever the key is")
struct SigningRoleTests {
    /// A key in a module that says nothing of its role.
    private struct Module: Signing {
        let key: PrivateKey
        var publicKey: PublicKey { key.publicKey }

        func signature(over message: [UInt8]) throws -> [UInt8] { try key.signature(over: message) }
    }

    @Test func aTrustedKeySignsInItsRoleAlone() throws {
        try withTemporaryDirectory { directory in
            let time = Timestamp(milliseconds: 1_795_509_720_000)
            let options = StoreOptions(create: true, durable: false, actor: "test", now: { time })
            let store = try Store(at: directory + "/store", options: options)
            let (trusted, other) = (try PrivateKey.generate(.ecdsaP256), try PrivateKey.generate(.ecdsaP256))
            _ = try store.trust(
                trusted.publicKey.encoded,
                name: "hsm",
                role: KeyRole.release.rawValue,
                scope: [],
                from: nil,
                until: nil
            )
            let module = Module(key: trusted)
            try module.checkRole(.release, in: store, warn: { _ in })
            for role in KeyRole.allCases where role != .release {
                let error = #expect(throws: ProofError.self) { try module.checkRole(role, in: store, warn: { _ in }) }
                #expect(error?.description.contains("the trusted key hsm is a key of the role release") == true)
                try Module(key: other).checkRole(role, in: store, warn: { _ in })
            }
        }
    }

    @Test func whatAnEndedKeySignsIsWarnedOf() throws {
        try withTemporaryDirectory { directory in
            let time = Timestamp(milliseconds: 1_795_509_720_000)
            let options = StoreOptions(create: true, durable: false, actor: "test", now: { time })
            let store = try Store(at: directory + "/store", options: options)
            let key = try PrivateKey.generate(.ecdsaP256)
            _ = try store.trust(
                key.publicKey.encoded,
                name: "ours",
                role: KeyRole.release.rawValue,
                scope: ["team/*"],
                from: nil,
                until: nil
            )
            func remarks(_ name: String) throws -> [String] {
                var remarks: [String] = []
                try Module(key: key).checkRole(.release, of: [RepositoryName(parsing: name)], in: store) {
                    remarks.append($0.text)
                }
                return remarks
            }
            #expect(try remarks("team/agent").isEmpty)
            #expect(try remarks("other/agent").first?.contains("'ours' doesn't speak of other/agent") == true)
            _ = try store.revokeKey("ours", reason: "it was lost", since: nil)
            #expect(try remarks("team/agent").first?.contains("it was lost") == true)
        }
    }
}
