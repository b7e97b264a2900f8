package import ContentAddress
import GRDB

extension Store {
    /// The one digest that begins with some digits: of a blob, of a removed file, or of what audits have seen.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` where there is none, and ``StoreError/ambiguousDigest(_:_:)`` where
    /// there are several.
    package func digest(beginningWith prefix: DigestPrefix) throws(StoreError) -> Digest {
        let found = try digests(in: prefix.range)
        guard let digest = found.first else {
            throw .notFound(
                what: "a digest that begins with \(prefix.digits)",
                hint: "All 64 digits name any bytes."
            )
        }
        guard found.count == 1 else { throw .ambiguousDigest(prefix.digits, found) }
        return digest
    }

    /// The digest that a text names, whole or by its first digits; nil for a text that is something else.
    ///
    /// Throws as ``digest(beginningWith:)`` does.
    package func digest(named text: String) throws(StoreError) -> Digest? {
        if let digest = try? Digest(parsing: text) { return digest }
        guard let prefix = DigestPrefix(text) else { return nil }
        return try digest(beginningWith: prefix)
    }

    /// Whether a digest is that of a blob, of a removed file, or of what audits have seen.
    package func knows(_ digest: Digest) throws(StoreError) -> Bool { try !digests(in: digest...digest).isEmpty }

    // At most ten: enough to tell them apart in a message.
    func digests(in range: ClosedRange<Digest>) throws(StoreError) -> [Digest] {
        try index.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT digest FROM (
                        SELECT digest FROM blob UNION SELECT digest FROM tombstone UNION SELECT digest FROM audit_content
                        UNION SELECT image FROM audit UNION SELECT digest FROM audit_manifest
                    ) WHERE digest BETWEEN ? AND ? ORDER BY digest LIMIT 10
                    """,
                arguments: [range.lowerBound.column, range.upperBound.column]
            ).map { try $0.digest("digest") }
        }
    }
}
