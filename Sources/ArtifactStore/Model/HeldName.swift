package import ContentAddress

/// How an image is called that was pushed and isn't served, since its audit refused it.
///
/// No host can have the name of this registry (RFC 2606, section 2): no client asks for such an image.
package enum HeldName {
    /// What stands before the repository.
    package static let registry = "quarantine.invalid"

    /// What stands before the tag in the names of a repository's held images.
    package static func prefix(of repository: String) -> String { "\(registry)/\(repository)" }

    /// The tag of an image that was pushed by its digest.
    package static func tag(of digest: Digest) -> String { "sha256-\(digest.hex)" }

    /// Whether a name is that of a held image.
    package static func isHeld(_ reference: String) -> Bool { reference.hasPrefix(registry + "/") }
}
