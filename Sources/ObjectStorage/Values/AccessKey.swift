/// What requests are signed with.
package struct AccessKey: Equatable, Sendable {
    /// Its name, which requests carry.
    package let identifier: String
    let secret: String
    /// What goes with a key that was lent.
    let sessionToken: String?
    /// The end of its validity, in seconds since 1970; nil for none.
    let expiry: Int64?
    /// Where it was found, in a person's words.
    package let source: String

    init(identifier: String, secret: String, sessionToken: String? = nil, expiry: Int64? = nil, source: String) {
        self.identifier = identifier
        self.secret = secret
        self.sessionToken = sessionToken
        self.expiry = expiry
        self.source = source
    }
}

extension AccessKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Name and source: never the secret.
    package var description: String { "\(identifier), from \(source)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["identifier": identifier, "source": source]) }
}
