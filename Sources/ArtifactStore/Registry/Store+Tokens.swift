import ContentAddress
import GRDB
package import OCI

extension Store {
    /// Makes a token, and gives its text, which is kept nowhere; durable at return.
    ///
    /// Nil where there is one of this name.
    package func createToken(
        _ name: String,
        scopes: [String],
        until end: Timestamp?
    ) throws(StoreError) -> String? {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<StoredToken.digits / 2).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let text = StoredToken.prefix + Hexadecimal.encode(bytes)
        let (time, actor) = (now, options.actor)
        let token = StoredToken(name: name, scopes: scopes, createdAt: time, createdBy: actor, expiresAt: end)
        return try index.write { db in
            guard try !TokenRows.exists(name, in: db) else { return nil }
            try TokenRows.insert(token, hash: .of(text), in: db)
            return text
        }
    }

    /// All tokens, by name, those that have ended too.
    package func tokens() throws(StoreError) -> [StoredToken] { try index.read { try TokenRows.all(in: $0) } }

    /// Ends a token; false where there is none of this name.
    package func removeToken(_ name: String) throws(StoreError) -> Bool {
        let (time, actor) = (now, options.actor)
        return try index.write { try TokenRows.remove(name, at: time, by: actor, in: $0) }
    }

    /// The token of a text; nil where there is none, or it has ended.
    ///
    /// It is looked for by its hash, so that how long that takes tells nothing of it.
    package func token(_ text: String) throws(StoreError) -> StoredToken? {
        guard let token = try index.read({ try TokenRows.token(.of(text), in: $0) }) else { return nil }
        return token.expiresAt.map { now.milliseconds < $0.milliseconds } ?? true ? token : nil
    }
}
