package import ArtifactStore
import ContentAddress
import Foundation
import NIOHTTP1

/// Who may do what.
///
/// All calls block.
package final class AccessRule: Sendable {
    private let passwords: Htpasswd?
    private let store: Store
    private let anonymous: Caller
    /// Whether reading takes a login, too.
    let requiresLogin: Bool

    /// The users of a file besides the store's tokens; who says no name may read, unless that takes a login, too.
    package init(_ store: Store, passwords: Htpasswd?, requiresLogin: Bool) {
        self.store = store
        self.passwords = passwords
        self.requiresLogin = requiresLogin
        anonymous = Caller(name: nil, scopes: requiresLogin ? [] : [AccessScope("*", [.pull])])
    }

    /// Who makes a request.
    ///
    /// Throws ``RegistryProblem/unauthorized`` for a name or a token that isn't right: nobody is taken for somebody else.
    func caller(of headers: HTTPHeaders) throws -> Caller {
        let fields = headers["Authorization"]
        guard let field = fields.first else { return anonymous }
        let words = field.split(separator: " ", maxSplits: 1)
        guard fields.count == 1, words.count == 2 else { throw RegistryProblem.unauthorized }
        let value = words[1].drop { $0 == " " }
        switch words[0].lowercased() {
        case "bearer": return try caller(withToken: String(value))
        case "basic":
            guard let data = Data(base64Encoded: String(value)), let colon = data.firstIndex(of: UInt8(ascii: ":")),
                let user = String(validating: data[..<colon], as: UTF8.self)
            else { throw RegistryProblem.unauthorized }
            let password = Array(data[(colon + 1)...])
            // A token stands for a password, whatever the name: that is how clients keep it.
            if let text = String(validating: password, as: UTF8.self), StoredToken.isToken(text) {
                return try caller(withToken: text)
            }
            guard let passwords, try passwords.isRight(password, of: user) else { throw RegistryProblem.unauthorized }
            return Caller(name: user, scopes: nil)
        default: throw RegistryProblem.unauthorized
        }
    }

    private func caller(withToken text: String) throws -> Caller {
        guard let token = try store.token(text) else { throw RegistryProblem.unauthorized }
        return Caller(name: token.name, scopes: token.scopes.compactMap { AccessScope(parsing: $0) })
    }
}
