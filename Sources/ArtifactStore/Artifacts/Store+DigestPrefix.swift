package import ContentAddress
import Foundation
import GRDB

extension Store {
    /// The digests that begin with these hexadecimal digits: of blobs, of removed files, and of what audits have seen.
    ///
    /// At most ten; a text that has another character or too many digits is the beginning of none.
    package func digests(beginningWith digits: String) throws(StoreError) -> [Digest] {
        guard digits.count <= 64, let low = Self.bytes(digits, filledWith: "0"),
            let high = Self.bytes(digits, filledWith: "f")
        else { return [] }
        return try index.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT digest FROM (
                        SELECT digest FROM blob UNION SELECT digest FROM tombstone UNION SELECT digest FROM audit_content
                        UNION SELECT image FROM audit UNION SELECT digest FROM audit_manifest
                    ) WHERE digest BETWEEN ? AND ? ORDER BY digest LIMIT 10
                    """,
                arguments: [low, high]
            ).map { try $0.digest("digest") }
        }
    }

    private static func bytes(_ digits: String, filledWith digit: String) -> Data? {
        Hexadecimal.decode((digits + String(repeating: digit, count: 64 - digits.count)).utf8).map { Data($0) }
    }
}
