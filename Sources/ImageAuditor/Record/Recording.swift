package import ArtifactStore

/// Keeps what an audit found where the machine allows it.
package enum Recording {
    /// Runs what records.
    ///
    /// A full disk and its like are told to `unrecorded`, and thrown where that is nil.
    package static func run(_ unrecorded: ((StoreError) -> Void)?, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as StoreError where error.kind == .environment {
            guard let unrecorded else { throw error }
            unrecorded(error)
        }
    }
}
