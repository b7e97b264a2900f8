/// What the store read of a released archive.
package struct ArchiveSummary: Hashable, Sendable {
    /// What kind of archive it is: `tar`, `zip`, `deb` or `rpm`; nil for a file that is only called like one.
    package let format: String?
    /// How many of its files are known by their digests.
    package let memberCount: Int
    /// Why that isn't all of it; nil when it is.
    package let problem: String?
}
