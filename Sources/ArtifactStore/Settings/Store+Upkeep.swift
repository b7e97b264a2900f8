extension Store {
    /// When the store was last verified, collected and backed up, as far as that was recorded.
    package func upkeep() throws(StoreError) -> [Upkeep] { try index.read(UpkeepRows.all) }

    /// Whether it can be recorded without a migration.
    package func keepsUpkeep() throws(StoreError) -> Bool { try index.read(UpkeepRows.isKept) }

    /// Records that it was done now; losing that with the power does no harm.
    package func record(_ kind: Upkeep.Kind, faults: Int, bytes: Int64) throws(StoreError) {
        let upkeep = Upkeep(kind: kind, finishedAt: now, faults: faults, bytes: bytes)
        try index.writeUnsynced { try UpkeepRows.replace(upkeep, in: $0) }
    }
}
