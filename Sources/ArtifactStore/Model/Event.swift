package import ContentAddress

/// One change of the store, as it stands in the append-only table of events.
package struct Event: Sendable, Hashable {
    /// What changed.
    package enum Kind: String, Sendable, CaseIterable {
        /// An artifact was put.
        case put
        /// An artifact was removed, and its key closed for other bytes.
        case remove
        /// An image was audited.
        case audit
        /// An image was built or imported.
        case image
        /// An image was marked as one that others are built on.
        case base
    }

    /// Its place: 1, 2, 3, … without gaps.
    package let sequence: Int64
    /// The canonical JSON that was written in the change's transaction: what, key, digest, at, by.
    package let body: JSONValue

    /// A member of the body as text.
    package subscript(_ member: String) -> String? {
        guard case .object(let members) = body else { return nil }
        switch members[member] {
        case .string(let text): return text
        case .int(let number): return String(number)
        default: return nil
        }
    }
}
