import ContentAddress
import GRDB
import OCI
import Release

extension PendingArtifact {
    /// The file that the draft has under the key, which is as it was asked for; nil when it is to be written.
    ///
    /// Throws when the release is final, or the key is closed, or the draft has another file that isn't to be replaced.
    func drafted(replacing: Bool, in db: Database) throws -> Artifact? {
        if let seal = try seal(in: db) { throw StoreError.sealed(seal, offered: key, path: sourceName) }
        guard try ArtifactRows.list(key.release, in: db).isEmpty else {
            throw StoreError.isReleased(key.release, path: sourceName)
        }
        if let tombstone = try ArtifactRows.tombstone(key, in: db), tombstone.digest != digest {
            throw StoreError.removed(tombstone, offered: digest, path: sourceName)
        }
        guard let present = try ArtifactRows.find(key, of: .draft, in: db) else { return nil }
        let differences = differences(from: present)
        if present.digest == digest, differences.isEmpty { return present }
        guard replacing else {
            throw StoreError.drafted(present, offered: digest, differences, path: sourceName)
        }
        return nil
    }

    /// Writes the file into the draft of its release, with its event, or finds it there.
    ///
    /// Throws what ``drafted(replacing:in:)`` throws.
    func insertDraft(
        replacing: Bool,
        into db: Database,
        at time: Timestamp,
        by actor: String
    ) throws -> PutResult {
        if let present = try drafted(replacing: replacing, in: db) {
            return PutResult(artifact: present, isNew: false, archive: try archiveSummary(in: db))
        }
        let artifact = artifact(at: time, by: actor)
        let replaced = try ArtifactRows.find(key, of: .draft, in: db)
        try insertBytes(into: db, at: time)
        if let replaced {
            try ArtifactRows.removeDraft(key, in: db)
            try BlobRows.noteUnnamed(replaced.digest, at: time, in: db)
        }
        try ArtifactRows.insert(artifact, into: .draft, in: db)
        try EventRows.append(.draft, draft: artifact, replacing: replaced, at: time, by: actor, in: db)
        return PutResult(
            artifact: artifact,
            isNew: replaced == nil,
            replaced: replaced,
            archive: try archiveSummary(in: db)
        )
    }
}
