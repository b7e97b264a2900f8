import NIOSSL

/// What a request needs of the account's files at its moment.
struct Credentials: Sendable {
    let token: String
    /// What the API server's certificate is checked against, one list after the other until one of them trusts it;
    /// never empty.
    ///
    /// While an authority is replaced, ca.crt holds the old and the new certificate of one name. The TLS library takes
    /// one issuer of that name, and looks for no other when that one has expired or didn't sign. So each certificate
    /// is tried alone behind all together.
    let trust: [[NIOSSLCertificate]]

    /// Bundles of all the world's authorities aren't tried one by one.
    private static let mostTriedAlone = 16

    init(_ account: ServiceAccount) throws(APIFailure) {
        token = try account.token()
        let all = Credentials.certificates(inPEM: try account.authorities())
        if all.isEmpty { throw .setup("\(account.directory)/ca.crt holds no certificates") }
        trust = [all] + ((2...Credentials.mostTriedAlone).contains(all.count) ? all.map { [$0] } : [])
    }

    static func context(_ roots: [NIOSSLCertificate]) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(roots)
        configuration.certificateVerification = .fullVerification
        configuration.minimumTLSVersion = .tlsv12
        // The library's own lists leave the last two out, and the last curve.
        configuration.verifySignatureAlgorithms = [
            .ecdsaSecp256R1Sha256, .rsaPssRsaeSha256, .rsaPkcs1Sha256, .ecdsaSecp384R1Sha384, .rsaPssRsaeSha384,
            .rsaPkcs1Sha384, .rsaPssRsaeSha512, .rsaPkcs1Sha512, .ecdsaSecp521R1Sha512, .ed25519,
        ]
        configuration.curves = [.x25519, .secp256r1, .secp384r1, .secp521r1]
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    /// Each certificate that can be read; one that can't hides no other.
    private static func certificates(inPEM bytes: [UInt8]) -> [NIOSSLCertificate] {
        let start = "-----BEGIN CERTIFICATE-----"
        let parts = String(decoding: bytes, as: UTF8.self).parts(separatedBy: start)
        return parts.dropFirst().compactMap {
            try? NIOSSLCertificate(bytes: Array((start + $0).utf8), format: .pem)
        }
    }
}
