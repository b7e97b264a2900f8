import ContentAddress
import GRDB
import OCI
import Release

extension Store {
    /// Adds a mark, with its event; a mark that says what the latest one says changes nothing, and gives false.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` for a release that never was here, and where there is nothing to lift.
    package func revoke(_ revocation: Revocation) throws(StoreError) -> (mark: Revocation, isNew: Bool) {
        try index.write { db in
            let latest = try RevocationRows.list(on: revocation.subject, in: db).last
            if let latest, latest.says(revocation) { return (latest, false) }
            if revocation.level == .lifted, latest == nil || latest?.level == .lifted {
                throw StoreError.notFound(
                    what: "a revocation of \(revocation.subject)",
                    hint: "`bindery show \(revocation.subject)` lists its marks."
                )
            }
            if case .release(let release) = revocation.subject,
                try ArtifactRows.list(release, in: db).isEmpty, try ArtifactRows.tombstones(release, in: db).isEmpty
            {
                let hint = "run `bindery ls \(release.name)` to list its versions"
                throw StoreError.notFound(what: "\(release)", hint: hint)
            }
            try RevocationRows.insert(revocation, in: db)
            try EventRows.append(revocation, in: db)
            return (revocation, true)
        }
    }

    /// All marks on a release or on bytes, lifted ones too, the earliest first.
    package func revocations(of subject: Revocation.Subject) throws(StoreError) -> [Revocation] {
        try index.read { try RevocationRows.list(on: subject, in: $0) }
    }

    /// The marks that count now.
    package func revocationMarks() throws(StoreError) -> RevocationMarks {
        try index.read { RevocationMarks(try RevocationRows.all(in: $0)) }
    }
}

extension EventRows {
    fileprivate static func append(_ revocation: Revocation, in db: Database) throws {
        var more: [String: JSONValue] = [
            "level": .string(revocation.level.rawValue), "reason": .string(revocation.reason),
        ]
        if let advisory = revocation.advisory { more["advisory"] = .string(advisory) }
        if let proof = revocation.proof {
            more["key"] = .string(proof.key.description)
            more["statement"] = .string(Digest.of(proof.bytes).description)
        }
        var bytes: Digest?
        switch revocation.subject {
        case .bytes(let digest): bytes = digest
        case .release(let release):
            more["name"] = .string(release.name.text)
            more["version"] = .string(release.version.text)
        }
        try append(.revoke, digest: bytes, at: revocation.revokedAt, by: revocation.revokedBy, more: more, in: db)
    }
}
