import ContentAddress
import Glibc
import SystemIO

/// Gives staged blobs their names, and believes nothing that stands there already: bytes that aren't the digest's are
/// replaced by the good ones in hand, and go into quarantine.
struct BlobLinker: Sendable {
    let paths: StorePaths
    let durable: Bool
    let terms: PublishTerms

    /// Tries to find a name free, or whole, before whoever makes and removes it meanwhile wins.
    private static let attempts = 100

    /// Makes the bytes visible, read-only, under their digest.
    ///
    /// One that has a row is synced only when, against expectation, nothing whole stands there. The caller syncs the
    /// directory.
    func link(_ blob: StagedBlob, buffer: ReadBuffer) throws(StoreError) -> BlobOutcome {
        let path = paths.blob(blob.digest)
        let isSynced = !terms.named.contains(blob.digest)
        return try system { () throws(SystemError) in
            try blob.staged.file.setMode(StandingBlob.mode)
            for _ in 0..<Self.attempts {
                switch try blob.staged.tryLink(to: path) {
                case .linked, .moved:
                    if !isSynced { try sync(blob) }
                    return .new
                case .unsupported where !terms.isLocked: return .needsLock
                case .unsupported where try isFree(path):
                    if !isSynced { try sync(blob) }
                    try blob.staged.rename(to: path)
                    return .new
                case .unsupported, .taken: break
                }
                let standing = try StandingBlob(path, blob.digest, size: blob.size, known: terms.known, buffer: buffer)
                switch standing {
                case .absent: continue
                case .whole(let status, let isHashed):
                    // Who made it may not have synced it, unless a row names it.
                    if isHashed, isSynced { try syncStanding(path) }
                    return .present(hashed: isHashed ? status : nil)
                case .bad(let reason):
                    if !isSynced { try sync(blob) }
                    guard let outcome = try replace(path, by: blob, reason) else { continue }
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
    private func replace(_ path: String, by blob: StagedBlob, _ reason: String) throws(SystemError) -> BlobOutcome? {
        let quarantine = Quarantine(paths)
        try quarantine.make()
        var linking = StagedFile.Linking.taken
        let place = try quarantine.firstFree(blob.digest, at: terms.time) { place throws(SystemError) in
            linking = try blob.staged.tryLink(to: place)
            return linking != .taken
        }
        if linking == .unsupported {
            guard terms.isLocked else { return .needsLock }
            guard let moved = try quarantine.move(path, blob.digest, at: terms.time) else { return nil }
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
            let moved = error.isNotFound ? nil : try quarantine.move(path, blob.digest, at: terms.time)
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
