public import ContentAddress
internal import GRDB

extension Store {
    /// Keeps an audit, with its event in the same transaction; durable at return.
    ///
    /// A manifest's files are kept once, at its first audit. Throws ``StoreError/readOnly(path:)`` for a store that
    /// can't be changed.
    public func recordAudit(_ record: AuditRecord) throws(StoreError) {
        let (time, actor) = (now, options.actor)
        try index.write { try AuditRows.insert(record, at: time, by: actor, in: $0) }
    }

    /// Where audited images hold files with these bytes, latest audit first.
    public func images(holding digests: Set<Digest>) throws(StoreError) -> [AuditSighting] {
        let found = try index.read { db in
            try digests.flatMap { try AuditRows.sightings(of: $0, in: db) }
        }
        return found.sorted { left, right in
            left.auditedAt == right.auditedAt
                ? (left.references.first ?? "", left.platform) < (right.references.first ?? "", right.platform)
                : left.auditedAt > right.auditedAt
        }
    }

    /// How many different images have been audited.
    public func auditedImageCount() throws(StoreError) -> Int {
        try index.read { try AuditRows.imageCount(in: $0) }
    }
}
