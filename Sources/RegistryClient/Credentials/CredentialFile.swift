import FoundationEssentials

/// Docker's `config.json` and containers' `auth.json`, as far as credentials are concerned (containers-auth.json(5)).
struct CredentialFile: Decodable {
    struct Entry: Decodable {
        var auth: String?
        var username: String?
        var password: String?
        var identitytoken: String?
        var registrytoken: String?
    }

    var auths: [String: Entry]?
    var credsStore: String?
    var credHelpers: [String: String]?

    /// What the file itself says of one of these keys, the first that says anything.
    func credential(for keys: [String]) throws(CredentialFailure) -> Credential? {
        guard let auths else { return nil }
        let byName = Dictionary(
            auths.map { (Self.normalized($0.key), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        for key in keys {
            if let entry = auths[key] ?? byName[key], let found = try entry.credential(key) { return found }
        }
        return nil
    }

    // Docker's older files have URLs for keys: `https://registry.example/v1/`.
    private static func normalized(_ key: String) -> String {
        for scheme in ["https://", "http://"] where key.hasPrefix(scheme) {
            return String(key.dropFirst(scheme.count).prefix { $0 != "/" })
        }
        return key
    }
}

/// Why a file's entry is of no use.
struct CredentialFailure: Error {
    let reason: String
}

extension CredentialFile.Entry {
    func credential(_ key: String) throws(CredentialFailure) -> Credential? {
        if let token = registrytoken, !token.isEmpty { return .bearer(token) }
        if let token = identitytoken, !token.isEmpty { return .identityToken(token) }
        if let username, let password, !username.isEmpty { return .password(user: username, password: password) }
        guard let auth, !auth.isEmpty else { return nil }
        guard let data = Data(base64Encoded: auth), let colon = data.firstIndex(of: UInt8(ascii: ":")) else {
            throw CredentialFailure(reason: "'auth' of \(key) isn't the base64 of user:password")
        }
        return .password(
            user: String(decoding: data[..<colon], as: UTF8.self),
            password: String(decoding: data[data.index(after: colon)...].filter { $0 != 0 }, as: UTF8.self)
        )
    }
}
