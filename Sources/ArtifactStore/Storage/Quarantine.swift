import ContentAddress
import OCI
import SystemIO

/// The directory of what stood under a blob's name and wasn't the blob: bytes that may be all that is left are never
/// deleted.
struct Quarantine: Sendable {
    private let paths: StorePaths

    init(_ paths: StorePaths) {
        self.paths = paths
    }

    /// Makes the directory where it isn't there.
    func make() throws(SystemError) {
        guard (try? FileStatus.ofLink(paths.quarantine)) == nil else { return }
        try Directory.create(paths.quarantine, mode: 0o700)
        // Who may write to staging may write here: a group-shared store's whole group.
        try Directory.setMode(paths.quarantine, try FileStatus.of(paths.staging).mode)
    }

    /// The first free name for a blob, `<hex>.<time>`; `fill` makes the file there, and says whether the name was free.
    func firstFree(
        _ digest: Digest,
        at time: Timestamp,
        _ fill: (String) throws(SystemError) -> Bool
    ) throws(SystemError) -> String {
        var number = time.milliseconds
        while true {
            let place = "\(paths.quarantine)/\(digest.hex).\(number)"
            if try fill(place) { return place }
            number &+= 1
        }
    }

    /// Moves what stands at a path here, and syncs both directories; nil when nothing stands there.
    func move(_ path: String, _ digest: Digest, at time: Timestamp) throws(SystemError) -> String? {
        let place: String
        do throws(SystemError) {
            place = try firstFree(digest, at: time) { place throws(SystemError) in
                try Directory.renameIfFree(path, to: place)
            }
        } catch  where error.isNotFound {
            return nil
        }
        try Directory.sync(paths.quarantine)
        try Directory.sync(paths.blobs)
        return place
    }
}
