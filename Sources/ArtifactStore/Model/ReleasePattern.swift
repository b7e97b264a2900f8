package import OCI
package import Release

/// Which releases are meant: those of a name, one of them, or all that follow a pattern, `agent`, `agent@1.2.3`,
/// `team/*`, `agent@1.2.*`.
package struct ReleasePattern: Hashable, Sendable {
    /// As it was written.
    package let text: String
    /// The name, where the pattern has one without `*` and `?`.
    let exactName: RepositoryName?
    private let name: String
    private let version: String?

    /// A pattern from its written form; one without `*` and `?` must be a name, or a release.
    package init(parsing text: String) throws(OCIError) {
        self.text = text
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(parts[0])
        if Self.isExact(text) {
            if parts.count > 1 {
                let key = try ReleaseKey(parsing: text)
                (exactName, version) = (key.name, key.version.text)
            } else {
                (exactName, version) = (try RepositoryName(parsing: text), nil)
            }
            return
        }
        exactName = Self.isExact(name) ? try RepositoryName(parsing: name) : nil
        version = parts.count > 1 ? Self.withoutPrefix(parts[1]) : nil
    }

    /// Whether a name may have releases that are meant.
    func matches(_ name: RepositoryName) -> Bool { exactName.map { $0 == name } ?? Glob(self.name).matches(name.text) }

    /// Whether a release is meant.
    package func matches(_ release: ReleaseKey) -> Bool {
        matches(release.name) && (version.map { Glob($0).matches(release.version.text) } ?? true)
    }

    private static func isExact(_ text: String) -> Bool { !text.contains { $0 == "*" || $0 == "?" } }

    // The `v` of `v1.*` stands in no version of the store.
    private static func withoutPrefix(_ version: Substring) -> String {
        guard version.first == "v", let next = version.dropFirst().first, next.isASCII, next.isNumber else {
            return String(version)
        }
        return String(version.dropFirst())
    }
}
