package import OCI

/// The key of a release: a name and a version, written `name@version`.
package struct ReleaseKey: Hashable, Sendable, Codable {
    /// What was released.
    package let name: RepositoryName
    package let version: Version

    /// A key from its parts.
    package init(name: RepositoryName, version: Version) {
        self.name = name
        self.version = version
    }

    /// A key from its written form, `name@version`.
    package init(parsing text: some StringProtocol) throws(OCIError) {
        guard let at = text.firstIndex(of: "@") else {
            throw .malformed(
                what: "a release",
                text: String(text),
                rule: "name@version is expected, such as agent@1.2.3"
            )
        }
        name = try RepositoryName(parsing: text[..<at])
        version = try Version(parsing: text[text.index(after: at)...])
    }
}

extension ReleaseKey: CustomStringConvertible {
    /// The written form, `name@version`.
    package var description: String { "\(name)@\(version)" }
}
