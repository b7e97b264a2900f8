package import ContentAddress
import GRDB
import OCI
import Release

extension Store {
    /// Adds a mark, with its event; a mark that says what the latest one says changes nothing, and gives false.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` for a release that never was here, and where there is nothing to
    /// lift.
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
                throw try Self.nothing(of: release, platform: nil, file: nil, among: [], in: db)
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

    /// The images of the store that are marked, or hold a file that is, with the marks that count for each.
    package func revokedImages() throws(StoreError) -> [Digest: [Revocation]] {
        try index.read { db in
            let marks = RevocationMarks(try RevocationRows.all(in: db))
            var found: [Digest: [Revocation]] = [:]
            for mark in marks.all.sorted(by: { "\($0.subject)" < "\($1.subject)" }) {
                var images: Set<Digest> = []
                for digest in try Self.bytes(of: mark, marks, in: db) {
                    images.formUnion(try ImageRows.images(with: digest, in: db))
                }
                for image in images { found[image, default: []].append(mark) }
            }
            return found
        }
    }

    // Bytes that a release that isn't revoked has, too, are that release's.
    private static func bytes(of mark: Revocation, _ marks: RevocationMarks, in db: Database) throws -> [Digest] {
        switch mark.subject {
        case .bytes(let digest): return [digest]
        case .release(let release):
            let digests = Set(try ArtifactRows.list(release, in: db).map(\.digest))
            return try digests.filter { digest in
                marks.mark(on: digest, of: try ArtifactRows.list(with: digest, in: db).map(\.key.release)) != nil
            }
        }
    }
}

extension EventRows {
    static func append(
        _ revocation: Revocation,
        more members: [String: JSONValue] = [:],
        in db: Database
    ) throws {
        var more = members
        more["level"] = .string(revocation.level.rawValue)
        more["reason"] = .string(revocation.reason)
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
