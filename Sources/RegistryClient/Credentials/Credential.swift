/// What somebody is known by.
enum Credential: Equatable, Sendable {
    /// A name and a password.
    case password(user: String, password: String)
    /// A token that other tokens are given for (OAuth 2's refresh token).
    case identityToken(String)
    /// A token for the registry itself.
    case bearer(String)
}
