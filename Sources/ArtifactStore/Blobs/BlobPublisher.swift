import ContentAddress
import Glibc
import OCI
import SystemIO

/// Gives staged blobs their names, and believes nothing that stands there already: bytes that aren't the digest's are
/// replaced by the good ones in hand, and go into quarantine.
struct BlobPublisher: Sendable {
    let paths: StorePaths
    let durable: Bool
    /// Names what goes into quarantine.
    let now: Timestamp
    let known: KnownFiles

    /// What became of a blob.
    enum Outcome: Sendable {
        /// It got its name.
        case new
        /// It stood there; `hashed` is the file's status when its bytes were compared for this.
        case present(hashed: FileStatus?)
        /// Something else stood there, and is in quarantine under this path.
        case replaced(quarantine: String?, reason: String)
    }

    /// Tries to find a name free, or whole, before whoever makes and removes it meanwhile wins.
    private static let attempts = 100

    /// Makes the bytes visible, read-only, under their digest.
    ///
    /// `isSynced` says that their content is on stable storage; else it is synced when, against expectation, nothing
    /// whole stands there. The caller syncs the directory.
    func publish(_ blob: StagedBlob, isSynced: Bool, buffer: ReadBuffer) throws(StoreError) -> Outcome {
        let path = paths.blob(blob.digest)
        return try system { () throws(SystemError) in
            try blob.staged.file.setMode(StandingBlob.mode)
            for _ in 0..<Self.attempts {
                if try blob.staged.link(to: path) {
                    if !isSynced { try sync(blob) }
                    return .new
                }
                let standing = try StandingBlob(path, blob.digest, size: blob.size, known: known, buffer: buffer)
                switch standing {
                case .absent: continue
                case .whole(let status, let isHashed):
                    // Who made it may not have synced it, unless a row names it.
                    if isHashed, isSynced { try syncStanding(path) }
                    return .present(hashed: isHashed ? status : nil)
                case .bad(let reason):
                    if !isSynced { try sync(blob) }
                    guard let place = try replace(path, by: blob) else { continue }
                    return .replaced(quarantine: place, reason: reason)
                }
            }
            throw SystemError(call: "create", path: path, code: EEXIST, detail: "it is made and removed all the time")
        }
    }

    /// Swaps the blob with what stands under its name, which is in quarantine then; nil when nothing stands there any more.
    ///
    /// In one step: at no time there is no file of that name, for a reader or after a crash.
    private func replace(_ path: String, by blob: StagedBlob) throws(SystemError) -> String? {
        let quarantine = Quarantine(paths)
        try quarantine.make()
        let place = try quarantine.firstFree(blob.digest, at: now) { place throws(SystemError) in
            try blob.staged.link(to: place)
        }
        do throws(SystemError) {
            try Directory.exchange(place, path)
        } catch {
            try? Directory.remove(place)
            if error.isNotFound { return nil }
            // A file system that can't swap two names.
            guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(error.code) else { throw error }
            guard let moved = try quarantine.move(path, blob.digest, at: now) else { return nil }
            return try blob.staged.link(to: path) ? moved : nil
        }
        if durable {
            try Directory.sync(paths.quarantine)
            try Directory.sync(paths.blobs)
        }
        return place
    }

    private func sync(_ blob: StagedBlob) throws(SystemError) {
        if durable { try blob.staged.file.sync() }
    }

    private func syncStanding(_ path: String) throws(SystemError) {
        if durable { try File.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).sync() }
    }
}
