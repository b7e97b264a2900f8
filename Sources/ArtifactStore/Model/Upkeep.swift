package import OCI

/// What keeps a store in order, each as it was last done.
package struct Upkeep: Equatable, Sendable {
    /// The names that the index and `status` use.
    package enum Kind: String, CaseIterable, Sendable {
        /// Every blob was read.
        case verify
        /// What nothing kept was removed.
        case collect
        /// The store was copied.
        case backup
    }

    package let kind: Kind
    /// When it ended.
    package let finishedAt: Timestamp
    /// What was found damaged and not mended.
    package let faults: Int
    /// How much was read, removed or copied.
    package let bytes: Int64
}
