import GRDB

extension Store {
    /// Marks images of the store as those that others are built on; durable at return.
    ///
    /// Each new mark is an event. Returns how many are new. Images that are not in the store, and those without a
    /// layer, are passed over.
    @discardableResult
    package func markBases(_ marks: [BaseMark]) throws(StoreError) -> Int {
        let (time, actor) = (now, options.actor)
        return try index.write { db in
            try marks.count { try BaseRows.insert($0, at: time, by: actor, in: db) }
        }
    }

    /// The images that are marked as bases, for each of their platforms.
    package func bases() throws(StoreError) -> [KnownBaseImage] {
        try index.read { try BaseRows.all(in: $0) }
    }
}
