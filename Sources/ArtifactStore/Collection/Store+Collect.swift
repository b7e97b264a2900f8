import ContentAddress
import GRDB
import Glibc
import Logging
import OCI
package import Release
import SystemIO

extension Store {
    /// How long what nothing names is kept, in milliseconds, when nobody says otherwise: an hour.
    ///
    /// A pull that began with a manifest gets its layers, though the tag moved meanwhile.
    package static var defaultGrace: Int64 { 3_600_000 }

    /// Removes blobs that nothing keeps: no release, no named image, no pin, no lease, no row of another kind.
    ///
    /// May run beside any number of writers, readers and other collections, and be killed at any point. Rows go first,
    /// in the transaction that decides; then the files, each looked at again inside a transaction that writes, so that
    /// no lease can come in between (docs/durability.md, docs/model/collection.pml). What was added, or lost its last
    /// name, less than `grace` milliseconds ago stays. A policy removes releases first. A dry run changes nothing.
    /// `progress` is told of the bytes of files that were removed since it was told last.
    ///
    /// Throws ``StoreError/readOnly(path:)``, ``StoreError/unverified(path:)``, and what the system or SQLite fails at; what was removed until then
    /// stays removed.
    package func collect(
        grace: Int64 = Store.defaultGrace,
        policy: RetentionPolicy? = nil,
        dryRun: Bool = false,
        progress: (Int64) -> Void = { _ in }
    ) throws(StoreError) -> CollectionReport {
        guard isWritable || dryRun else { throw .readOnly(path: paths.root) }
        if !dryRun, try awaitsVerification() { throw .unverified(path: paths.root) }
        let time = now
        let holders = LeaseHolders(paths)
        let reachability = Reachability(now: time, grace: max(0, grace), holders: holders)
        var report = CollectionReport(isDryRun: dryRun)
        if dryRun {
            try index.rehearse { db in
                if let policy { report.decisions = try apply(policy, at: time, in: db) }
                report.note(try deleteDocuments(reachability, in: db))
                while case let rows = try deleteRows(reachability, after: report.lastRow, limit: Self.rows, in: db),
                    !rows.isEmpty
                {
                    report.blobs += rows
                }
                try note(&report, reachability, grace: grace, in: db)
                try eachUnknownFile(except: Set(report.blobs.map(\.digest)), in: db) { digest, size in
                    report.blobs.append(.init(digest: digest, size: size, wasKnown: false))
                }
            }
        } else {
            if let policy { report.decisions = try writeFreeing { try apply(policy, at: time, in: $0) } }
            let documents = try writeFreeing { try deleteDocuments(reachability, in: $0) }
            for file in documents.leases.compactMap(\.self) { holders.remove(file) }
            report.note(documents)
            try deleteAllRows(reachability, into: &report, progress)
            options.logger.debug("rows collected", metadata: ["blobs": "\(report.blobs.count)"])
            try index.read { db in try note(&report, reachability, grace: grace, in: db) }
            try removeFiles(into: &report, progress)
            report.indexBytes = try index.shrink()
            Reserve.make(paths)
        }
        report.stagingFiles = try removeStaleStaging(holders, at: time, dryRun: dryRun)
        report.blobs.sort { $0.digest < $1.digest }
        return report
    }

    /// Rows that one transaction deletes: writers wait for some tens of milliseconds at most.
    private static var rows: Int { 5000 }
    /// Files that one transaction unlinks.
    private static var filesPerTransaction: Int { 256 }
    /// A file in staging that nobody wrote to for a day has no writer: 24 hours in milliseconds.
    private static var staleAfter: Int64 { 86_400_000 }

    private func deleteDocuments(_ reachability: Reachability, in db: Database) throws -> CollectionReport.Documents {
        let leases = try reachability.endLeases(by: options.actor, in: db)
        try reachability.deletePushes(by: options.actor, in: db)
        let images = try reachability.deleteImages(by: options.actor, in: db)
        try reachability.deleteReferrers(by: options.actor, in: db)
        return .init(
            leases: leases,
            images: images,
            layers: try reachability.deleteDerivedLayers(in: db)
        )
    }

    /// Deletes the next rows, and gives them.
    private func deleteRows(
        _ reachability: Reachability,
        after place: Digest?,
        limit: Int,
        in db: Database
    ) throws -> [CollectionReport.Blob] {
        try reachability.unreachable(after: place, limit: limit, in: db).map { row in
            try db.cachedStatement(sql: "DELETE FROM blob WHERE digest = ?").execute(arguments: [row.digest.column])
            return .init(digest: row.digest, size: row.size, wasKnown: true)
        }
    }

    /// Deletes rows in transactions of some thousands; on a full disk of fewer and fewer, whose files go at once.
    private func deleteAllRows(
        _ reachability: Reachability,
        into report: inout CollectionReport,
        _ progress: (Int64) -> Void
    ) throws(StoreError) {
        var limit = Self.rows
        while true {
            let rows: [CollectionReport.Blob]
            do throws(StoreError) {
                let place = report.lastRow
                rows = try writeFreeing { try deleteRows(reachability, after: place, limit: limit, in: $0) }
            } catch {
                guard error.isFullDisk, limit > 1 else { throw error }
                limit = max(1, limit / 16)
                continue
            }
            report.blobs += rows
            guard rows.count == limit else { return }
            guard limit < Self.rows else { continue }
            try index.checkpoint()
            try unlink(rows.map(\.digest), progress)
        }
    }

    private func note(
        _ report: inout CollectionReport,
        _ reachability: Reachability,
        grace: Int64,
        in db: Database
    ) throws {
        (report.waitingBlobs, report.waitingBytes) = try Reachability.waiting(in: db)
        report.waits = try reachability.waits(grace: max(0, grace), in: db)
        for root in try Reachability.roots(of: "blob", in: db) {
            report.roots[root.table] = try Int.fetchOne(db, sql: "SELECT count(*) FROM \"\(root.table)\"") ?? 0
        }
    }

    private func removeFiles(
        into report: inout CollectionReport,
        _ progress: (Int64) -> Void
    ) throws(StoreError) {
        let known = Set(report.blobs.map(\.digest))
        var candidates: [Digest] = []
        try index.read { db in
            try eachUnknownFile(except: [], in: db) { digest, _ in candidates.append(digest) }
        }
        options.logger.debug("files without a row listed", metadata: ["files": "\(candidates.count)"])
        for blob in try unlink(candidates, progress) where !known.contains(blob.digest) { report.blobs.append(blob) }
    }

    /// Unlinks the files of those that are still unknown, and gives them.
    @discardableResult
    private func unlink(
        _ candidates: [Digest],
        _ progress: (Int64) -> Void
    ) throws(StoreError) -> [CollectionReport.Blob] {
        var removed: [CollectionReport.Blob] = []
        for start in stride(from: 0, to: candidates.count, by: Self.filesPerTransaction) {
            let part = candidates[start..<min(start + Self.filesPerTransaction, candidates.count)]
            // Inside a transaction that writes: a lease is written by one, too, so it comes before the look at it, or
            // after the file is gone, and then the put that holds it makes the file again.
            try index.writeUnsynced { db in
                for digest in part where try Reachability.isUnknown(digest, in: db) {
                    guard let size = try blobs.remove(digest) else { continue }
                    progress(size)
                    removed.append(.init(digest: digest, size: size, wasKnown: false))
                }
            }
        }
        return removed
    }

    /// The files of blobs that no row and no lease names.
    private func eachUnknownFile(
        except known: Set<Digest>,
        in db: Database,
        _ body: (Digest, Int64) -> Void
    ) throws {
        var files: [Digest] = []
        try blobs.forEachName { name in
            if let digest = try? Digest(hex: name) { files.append(digest) }
        }
        files.sort()
        for digest in try Reachability.unknown(among: files, in: db) where !known.contains(digest) {
            if let size = try blobs.size(of: digest) { body(digest, size) }
        }
    }

    private func removeStaleStaging(_ holders: LeaseHolders, at time: Timestamp, dryRun: Bool) throws(StoreError) -> Int
    {
        try system { () throws(SystemError) in
            var count = 0
            for name in try Directory.names(in: paths.staging)
            where name.hasSuffix(".partial") || holders.isGone(name) {
                let path = paths.staging + "/" + name
                guard let status = try? FileStatus.ofLink(path), status.kind == .file,
                    time.milliseconds - status.modified / 1_000_000 > Self.staleAfter
                else { continue }
                if !dryRun { try Directory.remove(path) }
                count += 1
            }
            return count
        }
    }
}
