import ContentAddress
import Glibc
import OCI
import SystemIO

/// Gives staged blobs their names, and believes nothing that stands there already: bytes that aren't the digest's are
/// replaced by the good ones in hand, and go into quarantine.
struct BlobLinker: Sendable {
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
        /// The file system can't give it its name in one step: it takes the index's write lock.
        case needsLock
    }

    /// Tries to find a name free, or whole, before whoever makes and removes it meanwhile wins.
    private static let attempts = 100

    /// Makes the bytes visible, read-only, under their digest.
    ///
    /// `isSynced` says that their content is on stable storage; else it is synced when, against expectation, nothing
    /// whole stands there. `isLocked` says that the caller has the index's write lock. The caller syncs the directory.
    func link(_ blob: StagedBlob, isSynced: Bool, isLocked: Bool, buffer: ReadBuffer) throws(StoreError) -> Outcome {
        let path = paths.blob(blob.digest)
        return try system { () throws(SystemError) in
            try blob.staged.file.setMode(StandingBlob.mode)
            for _ in 0..<Self.attempts {
                switch try blob.staged.tryLink(to: path) {
                case .linked, .moved:
                    if !isSynced { try sync(blob) }
                    return .new
                case .unsupported where !isLocked: return .needsLock
                case .unsupported where try isFree(path):
                    if !isSynced { try sync(blob) }
                    try blob.staged.rename(to: path)
                    return .new
                case .unsupported, .taken: break
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
                    guard let outcome = try replace(path, by: blob, reason, isLocked: isLocked) else { continue }
                    return outcome
                }
            }
            throw SystemError(call: "create", path: path, code: EEXIST, detail: "it is made and removed all the time")
        }
    }

    /// Swaps the blob with what stands under its name, which is in quarantine then; nil when nothing stands there any
    /// more.
    ///
    /// In one step where the file system can: at no time there is no file of that name, for a reader or after a crash.
    private func replace(
        _ path: String,
        by blob: StagedBlob,
        _ reason: String,
        isLocked: Bool
    ) throws(SystemError) -> Outcome? {
        let quarantine = Quarantine(paths)
        try quarantine.make()
        var linking = StagedFile.Linking.taken
        let place = try quarantine.firstFree(blob.digest, at: now) { place throws(SystemError) in
            linking = try blob.staged.tryLink(to: place)
            return linking != .taken
        }
        if linking == .unsupported {
            guard isLocked else { return .needsLock }
            guard let moved = try quarantine.move(path, blob.digest, at: now) else { return nil }
            try blob.staged.rename(to: path)
            return .replaced(quarantine: moved, reason: reason)
        }
        do throws(SystemError) {
            try Directory.exchange(place, path)
        } catch {
            // A file system that can't swap two names, or nothing to swap with.
            guard error.isNotFound || [EINVAL, ENOSYS, EOPNOTSUPP].contains(error.code) else {
                try? Directory.remove(place)
                throw error
            }
            let moved = error.isNotFound ? nil : try quarantine.move(path, blob.digest, at: now)
            let isDone: Bool
            if linking == .linked {
                isDone = try blob.staged.tryLink(to: path) == .linked
                try Directory.remove(place)
            } else {
                isDone = try Directory.tryRename(place, to: path) == .renamed
            }
            guard isDone else { return nil }
            return moved == nil ? .new : .replaced(quarantine: moved, reason: reason)
        }
        if durable {
            try Directory.sync(paths.quarantine)
            try Directory.sync(paths.blobs)
        }
        return .replaced(quarantine: place, reason: reason)
    }

    private func isFree(_ path: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try FileStatus.ofLink(path)
            return false
        } catch  where error.isNotFound {
            return true
        }
    }

    private func sync(_ blob: StagedBlob) throws(SystemError) {
        if durable { try blob.staged.file.sync() }
    }

    private func syncStanding(_ path: String) throws(SystemError) {
        if durable { try File.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).sync() }
    }
}
