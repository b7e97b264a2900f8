package import ContentAddress
import GRDB
package import OCI
package import Release

extension Store {
    /// The seal of a release; nil while it is open.
    package func seal(of release: ReleaseKey) throws(StoreError) -> SealedRelease? {
        try index.read { try SealRows.find(release, in: $0) }
    }

    /// The sealed releases of a name, or of all.
    package func seals(of name: RepositoryName? = nil) throws(StoreError) -> [SealedRelease] {
        try index.read { try SealRows.list(of: name, in: $0) }
    }

    /// Seals a release: from then on no file is added to it or changed in it.
    ///
    /// A draft becomes the release.
    ///
    /// `digest` names the documents that `artifacts` give, which must be what the release is at that moment: throws
    /// ``StoreError/changedMeanwhile(_:)`` when it isn't. With the seal goes its signed statement, in one transaction.
    /// Sealing again changes nothing but to add a statement that isn't there, and gives the first seal.
    package func seal(
        _ release: ReleaseKey,
        as digest: Digest,
        _ artifacts: [Artifact],
        with attestation: NewAttestation?
    ) throws(StoreError) -> (seal: SealedRelease, isNew: Bool) {
        let time = now
        return try index.write { db in
            let seal = SealedRelease(key: release, digest: digest, sealedAt: time, sealedBy: options.actor)
            let earlier = try SealRows.find(release, in: db)
            // A file of a sealed release that was removed is missing in it and in no statement about it.
            let drafts = try ArtifactRows.list(release, of: .draft, in: db)
            let standing = try drafts.isEmpty ? ArtifactRows.list(release, in: db) : drafts
            guard Set(standing) == Set(artifacts), earlier?.digest ?? digest == digest
            else { throw StoreError.changedMeanwhile(release) }
            let artifacts = try drafts.isEmpty ? artifacts : self.release(drafts, at: time, in: db)
            if earlier == nil {
                try SealRows.insert(seal, artifacts, in: db)
                try EventRows.append(seal, files: artifacts.count, in: db)
            }
            if let attestation { _ = try attest(attestation, at: time, in: db) }
            return (earlier ?? seal, earlier == nil)
        }
    }
}

extension EventRows {
    /// Appends the event of a seal.
    static func append(
        _ seal: SealedRelease,
        files: Int,
        more members: [String: JSONValue] = [:],
        in db: Database
    ) throws {
        var more = members
        more["name"] = .string(seal.key.name.text)
        more["version"] = .string(seal.key.version.text)
        more["files"] = .int(Int64(files))
        try append(.seal, digest: seal.digest, at: seal.sealedAt, by: seal.sealedBy, more: more, in: db)
    }
}
