import FoundationEssentials
import JSON

/// Docker's `config.json` and containers' `auth.json`, as far as credentials are concerned (containers-auth.json(5)).
///
/// Members of other types than these files have count as missing: they may be there for another program.
struct CredentialFile {
    struct Entry {
        let auth: String?
        let username: String?
        let password: String?
        let identitytoken: String?
        let registrytoken: String?
    }

    private let auths: [String: Entry]
    /// The helper that keeps everything.
    let credsStore: String?
    /// The helpers of single registries.
    let credHelpers: [String: String]

    /// Reads a file; nil for what isn't a JSON object.
    ///
    /// An empty file says nothing, as to Docker.
    init?(_ bytes: [UInt8]) {
        let isBlank = bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let file = try? JSONDocument(isBlank ? Array("{}".utf8) : bytes).value, file.kind == .object else {
            return nil
        }
        credsStore = file["credsStore"]?.string
        credHelpers = Dictionary(
            (file["credHelpers"]?.members ?? []).compactMap { member in member.value.string.map { (member.name, $0) } }
        ) { _, last in last }
        auths = Dictionary(
            (file["auths"]?.members ?? []).map { member in
                let entry = member.value
                return (
                    member.name,
                    Entry(
                        auth: entry["auth"]?.string,
                        username: entry["username"]?.string,
                        password: entry["password"]?.string,
                        identitytoken: entry["identitytoken"]?.string,
                        registrytoken: entry["registrytoken"]?.string
                    )
                )
            }
        ) { _, last in last }
    }

    /// What the file itself says of one of these keys, the first that says anything.
    func credential(for keys: [String]) throws(CredentialFailure) -> Credential? {
        let byName = Dictionary(
            auths.sorted { $0.key < $1.key }.map { (Self.normalized($0.key), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        for key in keys {
            if let entry = auths[key] ?? byName[key], let found = try entry.credential(key) { return found }
        }
        return nil
    }

    // Docker's older files have URLs for keys, `https://registry.example/v1/`, and it takes them without a scheme, too; a
    // path without a slash at its end is a part of the registry.
    private static func normalized(_ key: String) -> String {
        for scheme in ["https://", "http://"] where key.hasPrefix(scheme) {
            return String(key.dropFirst(scheme.count).prefix { $0 != "/" })
        }
        for path in ["/", "/v1/", "/v2/"]
        where key.hasSuffix(path) && key.dropLast(path.count).allSatisfy({ $0 != "/" }) {
            return String(key.dropLast(path.count))
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
        // Beside it, Docker and skopeo pass the two over.
        guard let auth, !auth.isEmpty else {
            guard let username, let password, !username.isEmpty else { return nil }
            return .password(user: username, password: password)
        }
        // Go's decoder skips line breaks.
        guard let data = Data(base64Encoded: auth.filter { !$0.isNewline }),
            let colon = data.firstIndex(of: UInt8(ascii: ":"))
        else {
            throw CredentialFailure(reason: "'auth' of \(key) isn't the base64 of user:password")
        }
        return .password(
            user: String(decoding: data[..<colon], as: UTF8.self),
            password: String(decoding: data[data.index(after: colon)...].filter { $0 != 0 }, as: UTF8.self)
        )
    }
}
