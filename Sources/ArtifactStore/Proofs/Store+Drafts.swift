import ContentAddress
import GRDB
import OCI
package import Release

extension Store {
    /// The files of a draft, in the order of ``ArtifactKey/isBefore(_:_:)``; empty where there is none.
    package func draft(of release: ReleaseKey) throws(StoreError) -> [Artifact] {
        try index.read { try ArtifactRows.list(release, of: .draft, in: $0) }
            .sorted { ArtifactKey.isBefore($0.key, $1.key) }
    }

    /// The files of a release, or, where drafts are asked for and there is one, those of its draft.
    package func artifacts(of release: ReleaseKey, orDraft: Bool) throws(StoreError) -> [Artifact] {
        let draft = orDraft ? try draft(of: release) : []
        return try draft.isEmpty ? artifacts(of: release) : draft
    }

    /// All drafts: by name, then in the order of versions.
    package func drafts() throws(StoreError) -> [Release] {
        Self.releases(try index.read { try ArtifactRows.all(of: .draft, in: $0) })
    }

    /// Takes files out of a draft, with an event each.
    func discard(
        _ release: ReleaseKey,
        platform: ArtifactPlatform?,
        file: ReleasePath?,
        at time: Timestamp,
        in db: Database
    ) throws -> [Artifact] {
        let all = try ArtifactRows.list(release, of: .draft, in: db)
        let chosen = all.choosing(platform: platform, file: file)
        guard !chosen.isEmpty else {
            throw StoreError.notFound(
                what: "a draft of \(release) with such a file",
                hint: "`bindery ls --draft` lists the drafts."
            )
        }
        let actor = options.actor
        for artifact in chosen {
            try ArtifactRows.removeDraft(artifact.key, in: db)
            try BlobRows.noteUnnamed(artifact.digest, at: time, in: db)
            try EventRows.append(.discard, draft: artifact, at: time, by: actor, in: db)
        }
        return chosen
    }

    /// Makes a draft's files those of its release, with an event of `put` each, and gives them as they are then.
    ///
    /// They were put when they are visible to all: at `time`.
    func release(_ drafts: [Artifact], at time: Timestamp, in db: Database) throws -> [Artifact] {
        let actor = options.actor
        return try drafts.map { draft in
            // Nothing can have closed the key since it was drafted, but a removal of a later program may.
            if let tombstone = try ArtifactRows.tombstone(draft.key, in: db), tombstone.digest != draft.digest {
                throw StoreError.removed(tombstone, offered: draft.digest, path: "the draft")
            }
            let artifact = Artifact(
                key: draft.key,
                digest: draft.digest,
                size: draft.size,
                fileName: draft.fileName,
                mode: draft.mode,
                putAt: time,
                putBy: actor,
                annotations: draft.annotations
            )
            try ArtifactRows.removeDraft(draft.key, in: db)
            try ArtifactRows.insert(artifact, in: db)
            try EventRows.append(.put, artifact, at: time, by: actor, more: ["source": .string("draft")], in: db)
            return artifact
        }
    }
}
