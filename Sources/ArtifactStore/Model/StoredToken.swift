package import OCI

/// A token that lets a client of the server in; its text is told once, and only its hash is kept.
package struct StoredToken: Hashable, Sendable {
    package let name: String
    /// What it allows, as in `team/*:pull,push`.
    package let scopes: [String]
    package let createdAt: Timestamp
    package let createdBy: String
    /// When it ends; nil for never.
    package let expiresAt: Timestamp?

    /// What each begins with, by which scanners of secrets find one.
    static let prefix = "bindery_"
    /// Random bytes in hexadecimal digits behind the prefix.
    static let digits = 64

    /// Whether a text has the form of one.
    package static func isToken(_ text: String) -> Bool {
        text.hasPrefix(prefix) && text.utf8.count == prefix.utf8.count + digits
    }
}
