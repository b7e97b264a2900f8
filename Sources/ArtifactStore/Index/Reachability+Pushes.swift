import ContentAddress
import GRDB
import OCI

extension Reachability {
    /// Takes out of repositories the blobs that no manifest came for in their time, and the manifests that nothing has led to
    /// for theirs, each of these with its event.
    ///
    /// The grace period doesn't count here: whoever pushes has been told that it is stored.
    func deletePushes(by actor: String, in db: Database) throws {
        let blobs = time(before: PushedManifest.blobTime)
        try db.execute(sql: "DELETE FROM repository_blob WHERE pushed_at <= ?", arguments: [blobs])
        let sql = """
            SELECT repository, digest FROM repository_manifest AS pushed WHERE pushed_at <= :cutoff
            AND NOT EXISTS (SELECT 1 FROM image_blob AS holder WHERE holder.digest = pushed.digest AND (
                EXISTS (SELECT 1 FROM image_tag WHERE image_tag.image = holder.image)
                OR EXISTS (SELECT 1 FROM pin WHERE pin.digest = holder.image)
                OR EXISTS (SELECT 1 FROM repository_manifest AS young
                    WHERE young.digest = holder.image AND young.pushed_at > :cutoff)))
            AND NOT EXISTS (SELECT 1 FROM referrer JOIN image_blob ON image_blob.digest = referrer.subject
                WHERE referrer.digest = pushed.digest)
            AND NOT EXISTS (SELECT 1 FROM referrer JOIN sealed_release ON sealed_release.digest = referrer.subject
                WHERE referrer.digest = pushed.digest)
            ORDER BY repository, digest
            """
        let manifests = time(before: PushedManifest.time)
        for row in try Row.fetchAll(db, sql: sql, arguments: ["cutoff": manifests]) {
            try PushRows.remove(
                manifest: try row.digest("digest"),
                row["repository"],
                pusher: nil,
                reason: "collection: nothing leads to it",
                at: now,
                by: actor,
                in: db
            )
        }
    }

    private func time(before duration: Int64) -> Int64 {
        let (time, overflow) = now.milliseconds.subtractingReportingOverflow(duration)
        return overflow ? .min : time
    }
}
