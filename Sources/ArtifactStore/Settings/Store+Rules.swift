import GRDB
import SystemIO

extension Store {
    /// Whether images, contexts and bundles are made of sealed releases only.
    package func requiresSeal() throws(StoreError) -> Bool {
        try index.read { try Self.rule(Self.sealRule, in: $0) == "true" }
    }

    /// Sets whether they are, with an event; nil when it was so before.
    package func setRequiresSeal(_ isRequired: Bool) throws(StoreError) -> SettingChange? {
        let time = now
        return try index.write { db in
            let value = isRequired ? "true" : "false"
            let before = try Self.rule(Self.sealRule, in: db) ?? "false"
            guard before != value else { return nil }
            try Self.setRule(Self.sealRule, value, in: db)
            let change = SettingChange(name: Self.sealRule, before: before, after: value)
            try change.append(at: time, by: options.actor, in: db)
            return change
        }
    }

    /// Whether the store was restored from a backup and not verified since; nothing is collected then.
    package func awaitsVerification() throws(StoreError) -> Bool {
        try index.read { try Self.rule(Self.verifyRule, in: $0) == "true" }
    }

    /// Ends that, with an event.
    package func noteVerified() throws(StoreError) {
        let time = now
        try index.write { db in
            guard try Self.rule(Self.verifyRule, in: db) == "true" else { return }
            try Self.setRule(Self.verifyRule, "false", in: db)
            try SettingChange(name: Self.verifyRule, before: "true", after: "false")
                .append(at: time, by: options.actor, in: db)
        }
    }

    /// Lets an index that was restored wait for a verification.
    static func awaitVerification(in db: Database) throws { try setRule(verifyRule, "true", in: db) }

    /// Writes down in a backup's index with which group the store is shared: a backup's own files are the user's alone.
    static func noteSharing(_ sharing: SharedGroup?, in db: Database) throws {
        guard try db.tableExists("rule") else { return }
        let value: StoreOptions.Sharing = sharing == nil ? .umask : .group
        try setRule(sharingRule, value.rawValue, in: db)
        try db.execute(sql: "DELETE FROM rule WHERE name = ?", arguments: [groupRule])
        if let name = sharing?.name { try setRule(groupRule, name, in: db) }
    }

    /// With which group the store of a backup is shared; forgets it, since the files of a store say it.
    static func takeSharing(in db: Database) throws -> SharedGroup? {
        let isShared = try rule(sharingRule, in: db) == StoreOptions.Sharing.group.rawValue
        let group = isShared ? SharedGroup(name: try rule(groupRule, in: db)) : nil
        try db.execute(sql: "DELETE FROM rule WHERE name IN (?, ?)", arguments: [sharingRule, groupRule])
        return group
    }

    private static func setRule(_ name: String, _ value: String, in db: Database) throws {
        try db.execute(sql: "INSERT OR REPLACE INTO rule (name, value) VALUES (?, ?)", arguments: [name, value])
    }

    /// Records, once, that the store is in a FUSE file system, whose syncs are only as good as its program; whether it
    /// is.
    package func noteFileSystem() throws(StoreError) -> Bool {
        guard FileSystem.isFUSE(paths.root) else { return false }
        let time = now
        try index.write { db in
            let sql = "SELECT EXISTS (SELECT 1 FROM event WHERE json_extract(body, '$.rule') = 'file-system')"
            guard try Bool.fetchOne(db, sql: sql) != true else { return }
            let change = SettingChange(name: "file-system", before: "", after: "FUSE")
            try change.append(at: time, by: options.actor, in: db)
        }
        return true
    }

    private static let sealRule = "require-seal"
    private static let verifyRule = "verify-before-gc"
    private static let sharingRule = "shared"
    private static let groupRule = "shared-group"

    /// The rules that have a row.
    static let ruleNames = [sealRule, verifyRule]

    private static func rule(_ name: String, in db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM rule WHERE name = ?", arguments: [name])
    }
}
