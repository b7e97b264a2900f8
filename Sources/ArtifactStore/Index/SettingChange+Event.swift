import ContentAddress
import GRDB
import OCI

extension SettingChange {
    func append(at time: Timestamp, by actor: String, in db: Database) throws {
        let members: [String: JSONValue] = [
            "rule": .string(name), "before": .string(before), "value": .string(after),
        ]
        try EventRows.append(.rule, digest: nil, at: time, by: actor, more: members, in: db)
    }
}
