package import Archive
import ArtifactStore
package import ImageFileSystem
package import OCI
package import Release
import SystemIO

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
    /// What the audit may still cost, beside what opening the image has cost; one is made for each audit that has none.
    package var budget: WorkBudget?
    /// What was read of layers before; nil to read them all.
    package var readings: LayerReadings?
    /// Keeps further digests and contents of the files that pass; every layer is read then, whatever ``readings`` has.
    package var contents: ContentRecord?
    /// How many platforms of an index are read at the same time; each reads and inflates on a thread of its own.
    package var width = Parallel.coreCount
    /// Hears of each piece of uncompressed layer that has passed, in bytes.
    package var progress: @Sendable (Int64) -> Void = { _ in }

    /// The usual.
    package init() {}
}
