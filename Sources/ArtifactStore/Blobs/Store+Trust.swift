package import ContentAddress
import GRDB
import OCI
package import SystemIO

extension Store {
    /// A change this close to the look at a file may not show in its time of change: clocks of file systems tick in
    /// milliseconds.
    ///
    /// In nanoseconds.
    private static var clockTick: Int64 { 100_000_000 }

    /// Whether a file's status was taken so long after its last change that a further change will show in it.
    package func isSettled(_ status: FileStatus) -> Bool {
        now.milliseconds &* 1_000_000 &- status.changed > Self.clockTick
    }

    /// Whether a blob's file is the one whose bytes were compared with the digest less than ``StoreOptions/trust`` ago,
    /// and hasn't changed since.
    ///
    /// Device, inode, size and time of the last change are compared: no system call changes a file and leaves them.
    /// What goes past the file system isn't noticed here: a disk that gives other bytes than it was given, or somebody
    /// who writes to the device. That is why it holds for a day only; ``verify(_:progress:)`` reads everything.
    package func isUnchanged(_ digest: Digest, _ status: FileStatus) throws(StoreError) -> Bool {
        try knownFiles([digest], at: now).holds(digest, status)
    }

    /// Notes that a blob's bytes were compared with its digest, while its file's status was this before and after.
    ///
    /// Does nothing in a store that can't be written or has no room, for a blob that the index doesn't name, and for a
    /// file that changed so lately that a further change might not show.
    package func noteUnchanged(_ blobs: [(digest: Digest, status: FileStatus)]) throws(StoreError) {
        let time = now.milliseconds
        let settled = blobs.filter { isSettled($0.status) }
        guard isWritable, !settled.isEmpty else { return }
        do throws(StoreError) {
            try index.writeUnsynced { db in try Self.note(settled, at: time, in: db) }
        } catch {
            // They are hashed again the next time.
            guard error.isFullDisk else { throw error }
        }
    }

    private static func note(
        _ blobs: [(digest: Digest, status: FileStatus)],
        at time: Int64,
        in db: Database
    ) throws {
        for (digest, status) in blobs where try BlobRows.size(of: digest, in: db) == status.size {
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO blob_file (digest, device, inode, size, changed, checked_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
            ).execute(
                arguments: [
                    digest.column, status.identity.deviceNumber, status.identity.inodeNumber, status.size,
                    status.changed, time,
                ]
            )
        }
    }
}
