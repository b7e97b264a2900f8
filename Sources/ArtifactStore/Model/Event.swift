package import ContentAddress
import OCI
package import Release

/// One change of the store, as it stands in the append-only table of events.
package struct Event: Sendable, Hashable {
    /// What changed.
    package enum Kind: String, Sendable, CaseIterable {
        /// An artifact was put.
        case put
        /// The annotations of an artifact were replaced.
        case amend
        /// A file was put into a draft, or replaced in it.
        case draft
        /// A file was taken out of a draft.
        case discard
        /// An artifact was removed, and its key closed for other bytes.
        case remove
        /// An image was audited.
        case audit
        /// An image was built or imported.
        case image
        /// An image was marked as one that others are built on.
        case base
        /// Blobs were pinned.
        case pin
        /// Pins were taken off.
        case unpin
        /// A lease ran out, or had lost its holder, and was ended.
        case lease
        /// A release was sealed.
        case seal
        /// A signed statement was added.
        case attest
        /// A builder's own attestation about a file was added, or verified.
        case provenance
        /// A manifest came that refers to another one, or went with its subject.
        case refer
        /// A manifest was pushed to a repository, or taken out of it.
        case push
        /// A release or an image was published at a place, or that place was forgotten.
        case publish
        /// An archive that was packed from a release was kept.
        case pack
        /// A token was made or ended.
        case token
        /// A public key was trusted.
        case trust
        /// The trust in a public key was ended.
        case distrust
        /// A release or bytes were revoked, or the mark was lifted.
        case revoke
        /// A checkpoint of another log came with a bundle.
        case checkpoint
        /// A rule of the store was changed.
        case rule
        /// The store was made from a backup.
        case restore
        /// The log got another name.
        case restart
        /// A row of a store of before, whose own events don't have all of its columns.
        case state
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

    /// Whether a member of the body is `true`.
    package func isSet(_ member: String) -> Bool {
        guard case .object(let members) = body else { return false }
        return members[member] == .bool(true)
    }

    /// The texts in a member of the body that is a list.
    package func texts(_ member: String) -> [String] {
        guard case .object(let members) = body, case .array(let items)? = members[member] else { return [] }
        return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// The key of the artifact that it is about; nil for events of other things.
    package var key: ArtifactKey? { Self.key(in: row ?? self) }

    /// The key of the file of a draft that it is about.
    ///
    /// It stands in a member of its own: whoever looks for keys that changed finds those of releases only.
    package var draftKey: ArtifactKey? {
        guard case .object(let members) = body, let draft = members["draft"] else { return nil }
        return Self.key(in: Event(sequence: sequence, body: draft))
    }

    /// What it says of an archive that was packed from a release, as if it were an event of its own; no file's key.
    package var packed: Event? {
        guard case .object(let members) = body, let packed = members["packed"] else { return nil }
        return Event(sequence: sequence, body: packed)
    }

    private static func key(in row: Event) -> ArtifactKey? {
        guard let name = row["name"].flatMap({ try? RepositoryName(parsing: $0) }),
            let version = row["version"].flatMap({ try? Version(parsing: $0) }),
            let platform = row["platform"].flatMap({ try? ArtifactPlatform(parsing: $0) })
        else { return nil }
        let file = row["file"].flatMap { try? ReleasePath(parsing: $0) }
        return ArtifactKey(name: name, version: version, platform: platform, file: file)
    }

    /// Whether the key is closed by it.
    package var isRemoval: Bool {
        switch self["what"] {
        case Kind.remove.rawValue: true
        case Kind.state.rawValue: self["table"] == "tombstone"
        default: false
        }
    }

    /// The row of a `state` event, as if it were an event of its own.
    package var row: Event? {
        guard case .object(let members) = body, let row = members["row"] else { return nil }
        return Event(sequence: sequence, body: row)
    }
}
