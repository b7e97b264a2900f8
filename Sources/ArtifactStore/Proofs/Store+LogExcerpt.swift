package import ContentAddress
import Foundation
import GRDB
import OCI
package import Release
package import TransparencyLog

extension Store {
    /// The checkpoints that were signed here, the smallest first.
    package func signedCheckpoints() throws(StoreError) -> [ImportedProofs.SeenCheckpoint] {
        try index.read { try Self.signedCheckpoints(in: $0) }
    }

    private static func signedCheckpoints(in db: Database) throws -> [ImportedProofs.SeenCheckpoint] {
        let origin = try LogRows.origin(in: db)
        return try Row.fetchAll(db, sql: "SELECT size, root, note FROM log_checkpoint ORDER BY size").map { row in
            let checkpoint = Checkpoint(origin: origin, size: row["size"], root: try row.digest("root"))
            return ImportedProofs.SeenCheckpoint(checkpoint, note: Array(row["note"] as Data))
        }
    }

    /// The numbers of the events that tell of a release, or of a document by its digest, in their order.
    ///
    /// Of the first `size` events only those of statements and marks, which say when these were signed. Reads the log as a
    /// whole.
    package func events(
        of release: ReleaseKey?,
        about digest: Digest,
        since size: Int64 = 0
    ) throws(StoreError) -> [Int64] {
        try index.read { db in
            let isRelease =
                release == nil
                ? ""
                : "OR instr(body, :version) AND json_extract(body, '$.name') = :name AND json_extract(body, '$.version') = :version"
            let sql = """
                SELECT sequence FROM event WHERE (sequence > :size OR \(Self.saysWhenSigned))
                AND (instr(body, :digest) AND (
                    json_extract(body, '$.digest') = :digest
                    OR EXISTS (SELECT 1 FROM json_each(body, '$.subjects') WHERE json_each.value = :digest)
                ) \(isRelease)) ORDER BY sequence
                """
            var arguments: StatementArguments = ["digest": digest.description, "size": size]
            if let release { arguments += ["name": release.name.text, "version": release.version.text] }
            return try Int64.fetchAll(db, sql: sql, arguments: arguments)
        }
    }

    // No member stands behind this one in canonical JSON.
    private static let saysWhenSigned = [Event.Kind.attest, .provenance, .revoke]
        .map { "body LIKE '%\"what\":\"\($0.rawValue)\"}'" }.joined(separator: " OR ")

    /// What shows to whoever has a signed checkpoint's key that events are in the log; those behind the checkpoint are
    /// left out.
    ///
    /// With what shows that the log goes on from each checkpoint that was signed here before, the latest `formers` of
    /// them; with `since`, from that one alone, and from the later ones.
    package func logExcerpt(
        of events: [Int64],
        in seen: ImportedProofs.SeenCheckpoint,
        since: Checkpoint? = nil,
        formers count: Int = 256
    ) throws(StoreError) -> LogExcerpt {
        let size = seen.checkpoint.size
        let (entries, formers) = try index.read { db in
            let prover = LogRows.prover(in: db)
            let entries = try events.filter { $0 >= 1 && $0 <= size }.map { sequence -> LogExcerpt.Entry in
                let sql = "SELECT body FROM event WHERE sequence = ?"
                guard let body = try String.fetchOne(db, sql: sql, arguments: [sequence]) else {
                    throw StoreError.notFound(what: "event \(sequence)", hint: nil)
                }
                let path = try prover.inclusion(of: sequence - 1, in: size)
                return LogExcerpt.Entry(index: sequence - 1, leaf: LogRows.leaf(body), path: path)
            }
            var former = try Self.signedCheckpoints(in: db).map(\.checkpoint)
            if let since { former = [since] + former.filter { $0.size > since.size } }
            let formers = try former.filter { $0.size < size }.suffix(count).map { former in
                LogExcerpt.Former(
                    size: former.size,
                    root: former.root,
                    path: try prover.consistency(from: former.size, to: size)
                )
            }
            return (entries, formers)
        }
        do {
            return try LogExcerpt(note: seen.note, entries: entries, formers: formers)
        } catch {
            throw .index(path: paths.index, failure: .damaged, reason: "\(error); run `bindery log verify`")
        }
    }
}
