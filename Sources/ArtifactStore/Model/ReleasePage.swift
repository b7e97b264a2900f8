package import OCI
package import Release

/// Some releases of a longer list, and where the list goes on.
package struct ReleasePage: Sendable {
    /// A place in the list of releases: behind one of them, or behind all releases of a name.
    package struct Position: Hashable, Sendable {
        package let name: RepositoryName
        /// The version; nil for behind all of them.
        package let version: Version?

        /// A place from its written form, `name@version` or `name`.
        package init(parsing text: some StringProtocol) throws(OCIError) {
            if text.contains("@") {
                self.init(after: try ReleaseKey(parsing: text))
            } else {
                self.init(name: try RepositoryName(parsing: text), version: nil)
            }
        }

        /// The place behind a release.
        package init(after release: ReleaseKey) {
            self.init(name: release.name, version: release.version)
        }

        private init(name: RepositoryName, version: Version?) {
            self.name = name
            self.version = version
        }
    }

    /// The releases, in the list's order: by name, then in the order of versions.
    package let releases: [Release]
    /// Behind which release the next page begins; nil when this is the last one.
    package let next: ReleaseKey?

    package init(releases: [Release], next: ReleaseKey? = nil) {
        self.releases = releases
        self.next = next
    }
}
