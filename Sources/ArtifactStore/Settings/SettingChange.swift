import ContentAddress
import GRDB
import OCI

/// A setting of a store that was changed, as its `rule` event has it (docs/store-format.md).
package struct SettingChange: Sendable, Hashable {
    /// Which: `journal`, `shared`, `require-seal`, `origin`.
    package let name: String
    /// What it was.
    package let before: String
    /// What it is.
    package let after: String

    func append(at time: Timestamp, by actor: String, in db: Database) throws {
        let members: [String: JSONValue] = [
            "rule": .string(name), "before": .string(before), "value": .string(after),
        ]
        try EventRows.append(.rule, digest: nil, at: time, by: actor, more: members, in: db)
    }
}
