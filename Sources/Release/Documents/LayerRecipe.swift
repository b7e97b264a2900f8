package import ContentAddress

/// What a layer of ours is derived from: all that its bytes depend on (docs/derivation.md, "The recipe").
package struct LayerRecipe: Hashable, Sendable {
    /// One entry of the tar.
    package struct Entry: Hashable, Sendable {
        /// The path, without a leading slash.
        package var path: String
        package var kind: Kind
        /// Permission bits with set-id and sticky bits.
        package var mode: UInt16
        package var uid: UInt32
        package var gid: UInt32
        /// Seconds since 1970.
        package var modified: Int64
        package var extendedAttributes: [String: [UInt8]]

        package init(
            path: String,
            kind: Kind,
            mode: UInt16,
            uid: UInt32,
            gid: UInt32,
            modified: Int64,
            extendedAttributes: [String: [UInt8]] = [:]
        ) {
            self.path = path
            self.kind = kind
            self.mode = mode
            self.uid = uid
            self.gid = gid
            self.modified = modified
            self.extendedAttributes = extendedAttributes
        }
    }

    package enum Kind: Hashable, Sendable {
        case directory
        case pipe
        case symbolicLink(target: String)
        case device(isBlock: Bool, major: UInt32, minor: UInt32)
        case file(Content, size: Int64)
    }

    /// Where a file's bytes are.
    package enum Content: Hashable, Sendable {
        /// A released file, or the text of a here-document.
        case blob(Digest)
        /// A file of a base image: its layer's diffID, and its place in the uncompressed tar.
        case member(layer: Digest, offset: Int64)
    }

    /// The name of the tar's profile.
    package let tar: String
    /// The compressor with its version and level, or `none`.
    package let compression: String
    /// The entries in their order.
    package let entries: [Entry]

    package init(tar: String, compression: String, entries: [Entry]) {
        self.tar = tar
        self.compression = compression
        self.entries = entries
    }

    /// The canonical bytes, whose digest names the recipe.
    package var bytes: [UInt8] { CanonicalJSON.encode(json) }

    /// The digest of the canonical bytes.
    package var digest: Digest { .of(bytes) }
}
