package import ContentAddress
import GRDB

extension Store {
    /// Keeps an audit, with its event in the same transaction; durable at return.
    ///
    /// A manifest's files are kept once, at its first audit. Throws ``StoreError/readOnly(path:)`` for a store that
    /// can't be changed.
    package func recordAudit(_ record: AuditRecord) throws(StoreError) {
        let (time, actor) = (now, options.actor)
        try index.write { try AuditRows.insert(record, at: time, by: actor, in: $0) }
    }

    /// Where audited images hold files with these bytes, latest audit first.
    package func images(holding digests: Set<Digest>) throws(StoreError) -> [AuditOccurrence] {
        let found = try index.read { db in
            try digests.flatMap { try AuditRows.occurrences(of: $0, in: db) }
        }
        // The digests come in any order.
        return found.sorted { left, right in
            guard left.auditedAt == right.auditedAt else { return left.auditedAt > right.auditedAt }
            let (one, other) = (
                (left.references.first ?? "", left.platform), (right.references.first ?? "", right.platform)
            )
            return one == other ? left.path.lexicographicallyPrecedes(right.path) : one < other
        }
    }

    /// Where audited images hold programs that are near to a file and no release's: the same code or build-id, another
    /// build of its Go package, or much of its bytes.
    ///
    /// `programs` is what the file says of itself; empty for a file of the store, which knows it.
    package func images(near digest: Digest, programs: [ProgramIdentity] = []) throws(StoreError) -> [AuditOccurrence] {
        try index.read { db in
            let own = programs.map(AuditNearRows.Origin.init)
            let origins = own.isEmpty ? try AuditNearRows.origins(of: digest, in: db) : own
            let contents = try AuditNearRows.near(digest, origins, in: db)
            return try AuditNearRows.digests(of: contents, in: db).flatMap { other -> [AuditOccurrence] in
                guard other != digest, try ArtifactRows.list(with: other, in: db).isEmpty else { return [] }
                let nearness = try AuditNearRows.nearness(of: other, to: digest, origins, in: db)
                return try AuditRows.occurrences(of: other, in: db).map { occurrence in
                    var occurrence = occurrence
                    occurrence.nearness = nearness
                    return occurrence
                }
            }
        }
    }

    /// The images of the store that no audit has looked at, and artifacts, at which none does.
    package func unauditedImages() throws(StoreError) -> [(digest: Digest, mediaType: String)] {
        try index.read { try AuditRows.unaudited(in: $0) }
    }

    /// How many different images have been audited.
    package func auditedImageCount() throws(StoreError) -> Int {
        try index.read { try AuditRows.imageCount(in: $0) }
    }
}
