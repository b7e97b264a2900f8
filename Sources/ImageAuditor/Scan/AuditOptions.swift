import Archive
import ArtifactStore
package import ImageFileSystem
package import OCI
package import Release

/// What an audit is asked to do beside the usual.
package struct AuditOptions: Sendable {
    /// Releases that must be in the image.
    package var expected: [ReleaseKey] = []
    /// Only this platform of an index.
    package var platform: Platform?
    /// Images whose layers may lie below, untouched.
    package var bases: [KnownBase] = []
    /// How many uncompressed bytes of all layers are read at most: a bomb ends there.
    ///
    /// Nil is 2 GiB and 200 for each compressed byte.
    package var largestSize: Int64?
    /// How large the file tree may grow.
    package var tree = FileTree.Limits()
    /// What the audit may still cost; one is made for each audit that has none.
    var budget: WorkBudget?
    /// How many platforms of an index are read at the same time; each reads and inflates on a thread of its own.
    package var width = Parallel.coreCount
    /// Hears of each piece of uncompressed layer that has passed, in bytes.
    package var progress: @Sendable (Int64) -> Void = { _ in }

    /// The usual.
    package init() {}
}
