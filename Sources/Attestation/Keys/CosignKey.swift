import COpenSSL
import JSON

/// A private key as `cosign generate-key-pair` writes it: PKCS#8 in a secret box, whose key scrypt makes of the password
/// (sigstore/sigstore, pkg/cryptoutils, and go-securesystemslib, encrypted).
enum CosignKey {
    private static let labels = ["ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY"]
    /// The most memory that a file may ask of scrypt, in bytes; cosign asks for 64 MiB.
    private static let largestMemory: Int64 = 256 << 20

    /// The PKCS#8 in a text; nil for a text that isn't such a key.
    static func decrypted(_ pem: [UInt8], passphrase: [UInt8]?, what: String) throws(KeyError) -> [UInt8]? {
        guard let body = labels.lazy.compactMap({ PEM.decode(pem, label: $0) }).first else { return nil }
        guard let document = try? JSONDocument(body), document.irregularities.isEmpty,
            let derivation = document.value["kdf"], derivation["name"]?.string == "scrypt",
            let cipher = document.value["cipher"], cipher["name"]?.string == "nacl/secretbox",
            let cost = derivation["params"]?["N"]?.int64, let width = derivation["params"]?["r"]?.int64,
            let lanes = derivation["params"]?["p"]?.int64,
            let salt = derivation["salt"]?.string.flatMap({ Base64.decode($0) }),
            let nonce = cipher["nonce"]?.string.flatMap({ Base64.decode($0) }), nonce.count == SecretBox.nonceCount,
            let box = document.value["ciphertext"]?.string.flatMap({ Base64.decode($0) })
        else {
            throw .unreadable(what: what, reason: "a key that cosign encrypted with scrypt and secretbox is expected")
        }
        guard cost > 1, cost & (cost - 1) == 0, (1...32).contains(width), (1...16).contains(lanes),
            !cost.multipliedReportingOverflow(by: 128 * width).overflow, cost * 128 * width <= largestMemory
        else { throw .unreadable(what: what, reason: "its scrypt asks for N=\(cost), r=\(width), p=\(lanes)") }
        guard let passphrase else { throw .passphraseNeeded(what: what) }
        var key = [UInt8](repeating: 0, count: SecretBox.keyCount)
        let password = passphrase.map { CChar(bitPattern: $0) }
        let isDerived = EVP_PBE_scrypt(
            password,
            password.count,
            salt,
            salt.count,
            UInt64(cost),
            UInt64(width),
            UInt64(lanes),
            UInt64(2 * largestMemory),
            &key,
            key.count
        )
        guard isDerived == 1 else { throw .failed("EVP_PBE_scrypt") }
        guard let opened = try SecretBox.open(box, key: key, nonce: nonce) else { throw .wrongPassphrase(what: what) }
        return opened
    }
}
