import ContentAddress
import GRDB
import OCI
package import TransparencyLog

extension Store {
    /// Records another log's checkpoint before it is signed here as its witness; false for the one that was recorded last.
    ///
    /// At return it is on stable storage. Throws ``NoteError`` where it doesn't go on from the last one that is known here,
    /// from a bundle or by a request: nothing is recorded then.
    package func recordWitnessed(_ request: WitnessRequest) throws -> Bool {
        let time = now
        let outcome: Result<Bool, NoteError> = try index.write { db in
            let known = try CheckpointRows.list(of: request.checkpoint.origin, in: db)
            do throws(NoteError) { try request.check(against: known.last) } catch { return .failure(error) }
            guard known.last != request.checkpoint else { return .success(false) }
            let seen = ImportedProofs.SeenCheckpoint(request.checkpoint, note: request.note.bytes)
            try CheckpointRows.record(seen, at: time, by: options.actor, in: db)
            return .success(true)
        }
        return try outcome.get()
    }

    /// Ends the log under its name: it goes on with its events under another one, `origin` or a random one; the new name.
    ///
    /// The event says why, and how the former log ended. Throws ``StoreError/logIsTaken(_:)`` for a name that the log had.
    package func restartLog(origin: String?, reason: String) throws(StoreError) -> String {
        let time = now
        return try index.write { db in
            var members = try FormerLog.end(renamed: origin, in: db)
            members["reason"] = .string(reason)
            try EventRows.append(.restart, digest: nil, at: time, by: options.actor, more: members, in: db)
            return try LogRows.origin(in: db)
        }
    }
}
