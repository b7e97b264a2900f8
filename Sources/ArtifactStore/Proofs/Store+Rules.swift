import ContentAddress
import GRDB

extension Store {
    /// Whether images, contexts and bundles are made of sealed releases only.
    package func requiresSeal() throws(StoreError) -> Bool {
        try index.read { try Self.rule(Self.sealRule, in: $0) == "true" }
    }

    /// Sets whether they are, with an event; false when it was so before.
    package func setRequiresSeal(_ isRequired: Bool) throws(StoreError) -> Bool {
        let time = now
        return try index.write { db in
            let value = isRequired ? "true" : "false"
            guard try Self.rule(Self.sealRule, in: db) ?? "false" != value else { return false }
            try db.execute(
                sql: "INSERT OR REPLACE INTO rule (name, value) VALUES (?, ?)",
                arguments: [Self.sealRule, value]
            )
            try EventRows.append(
                .rule,
                digest: nil,
                at: time,
                by: options.actor,
                more: ["rule": .string(Self.sealRule), "value": .string(value)],
                in: db
            )
            return true
        }
    }

    private static let sealRule = "require-seal"

    private static func rule(_ name: String, in db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM rule WHERE name = ?", arguments: [name])
    }
}
