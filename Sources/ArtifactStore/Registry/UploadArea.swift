import ContentAddress
import Glibc
import OCI
import Synchronization
import SystemIO

/// Blobs that come in pieces, over several requests and starts of the server.
///
/// An upload belongs to the scope that it was begun in: a repository and who writes to it. Each is a file, whose size is how
/// far it came. All calls block.
package final class UploadArea: Sendable {
    let store: Store
    // What was hashed of uploads that are between two requests.
    private let hashed = Mutex<[UploadID: RunningDigest]>([:])
    private let most: Int

    /// How long an upload stays to which nobody writes, in milliseconds: a day.
    package static let time: Int64 = 86_400_000

    /// The uploads of a store, `most` of them at one time.
    package init(in store: Store, most: Int = 1024) throws(StoreError) {
        self.store = store
        self.most = most
        guard store.isWritable else { throw .readOnly(path: store.paths.root) }
        try system { () throws(SystemError) in
            try Directory.createWithParents(store.paths.uploads, mode: 0o700)
            // As its neighbour: a store that a group shares is served by any of its members.
            let neighbour = try FileStatus.of(store.paths.staging)
            let own = try FileStatus.of(store.paths.uploads)
            if own.owner == geteuid(), own.mode != neighbour.mode {
                try Directory.setMode(store.paths.uploads, neighbour.mode, group: nil)
            }
        }
    }

    /// Begins an upload; nil when there are as many as may be.
    package func begin(in scope: String) throws(StoreError) -> UploadID? {
        try removeExpired()
        guard try names().count < most else { return nil }
        let id = UploadID()
        _ = try system { () throws(SystemError) in
            try File.open(path(id, scope), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        }
        return id
    }

    /// An upload to write to.
    package enum Access: Sendable {
        case open(Upload)
        /// There is none of this name in this scope.
        case unknown
        /// Another request writes to it.
        case busy
    }

    /// Opens an upload, until it is let go.
    package func open(_ id: UploadID, in scope: String) throws(StoreError) -> Access {
        let path = path(id, scope)
        do throws(SystemError) {
            let file = try File.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
            guard try file.status().kind == .file else { return .unknown }
            guard try !isBlob(file.status()) else { return .unknown }
            guard try file.tryLock() else { return .busy }
            // Ended by whoever had it before.
            guard let named = try? FileStatus.ofLink(path), try file.status().identity == named.identity else {
                return .unknown
            }
            let size = try file.status().size
            let digest = hashed.withLock { $0.removeValue(forKey: id) }
            return .open(Upload(file, id, size: size, digest, area: self))
        } catch  where error.isNotFound {
            return .unknown
        } catch {
            throw .system(error)
        }
    }

    func keep(_ digest: RunningDigest, of id: UploadID) {
        hashed.withLock { hashed in
            if hashed.count >= most { hashed.removeAll() }
            hashed[id] = digest
        }
    }

    /// Removes uploads to which nobody has written for ``time``; returns how many.
    @discardableResult
    package func removeExpired() throws(StoreError) -> Int {
        var count = 0
        for name in try names() {
            let path = "\(store.paths.uploads)/\(name)"
            guard let status = try? FileStatus.ofLink(path), status.kind == .file,
                store.now.milliseconds - status.modified / 1_000_000 > Self.time
            else { continue }
            try system { () throws(SystemError) in try Directory.remove(path) }
            if let id = UploadID(fileName: name) { hashed.withLock { $0[id] = nil } }
            count += 1
        }
        return count
    }

    /// The bytes of all uploads that haven't ended.
    package func size() throws(StoreError) -> Int64 {
        try names().reduce(0) { size, name in
            // What has become a blob counts there; its second name goes a moment later.
            guard let status = try? FileStatus.ofLink("\(store.paths.uploads)/\(name)"), !isBlob(status) else {
                return size
            }
            return size + status.size
        }
    }

    private func names() throws(StoreError) -> [String] {
        try system { () throws(SystemError) in
            try Directory.names(in: store.paths.uploads).filter { UploadID(fileName: $0) != nil }
        }
    }

    // One whose end was cut off between the blob's name and this one's removal: it is the blob, which nobody writes to.
    private func isBlob(_ status: FileStatus) -> Bool { status.mode & 0o200 == 0 }

    private func path(_ id: UploadID, _ scope: String) -> String {
        "\(store.paths.uploads)/\(id.fileName(in: scope))"
    }
}
