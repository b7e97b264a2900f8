package import ContentAddress
import Glibc
package import OCI
package import SystemIO

/// What audits read of layers is kept to save work, and isn't part of what the store promises: it may be removed at any
/// time, a failure to keep it isn't reported, and bytes that aren't those that were kept aren't there.
extension Store {
    /// All of it together, and one of it, in bytes.
    private static var largestSum: Int64 { 256 << 20 }
    private static var largestReading: Int { 16 << 20 }
    // What others that write at this moment haven't named yet is younger: a day in nanoseconds.
    private static var staleAge: Int64 { 86_400_000_000_000 }

    /// What was kept under a name; nil where there is nothing.
    package func keptReading(_ name: Digest) -> [UInt8]? {
        guard let bytes = try? Self.read(path(of: name)), bytes.count >= Digest.byteCount else { return nil }
        let content = Array(bytes.dropLast(Digest.byteCount))
        return Digest.of(content).bytes.elementsEqual(bytes.suffix(Digest.byteCount)) ? content : nil
    }

    private static func read(_ path: String) throws(SystemError) -> [UInt8] {
        let file = try File.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
        let status = try file.status()
        let isOne = status.kind == .file && status.size <= Int64(largestReading + Digest.byteCount)
        return isOne ? try file.readBytes(limit: Int(status.size)) : []
    }

    /// Keeps bytes under a name, in place of what was there; the oldest go when there is too much.
    package func keepReading(_ content: [UInt8], as name: Digest) {
        guard isWritable, content.count <= Self.largestReading else { return }
        try? write(content, to: path(of: name))
    }

    /// Whether a file's bytes are those that were hashed at a time while its status was this.
    ///
    /// It must stand in the file system of the store, which nobody exchanges under it, and nobody else may write to it.
    package func trusts(_ status: FileStatus, hashedAt time: Timestamp) -> Bool {
        guard (0..<options.trust).contains(now.milliseconds &- time.milliseconds) else { return false }
        return isOwn(status)
    }

    /// Whether a file can be known by its status: later changes will show in it.
    package func isOwn(_ status: FileStatus) -> Bool {
        guard let root = try? FileStatus.of(paths.root) else { return false }
        return status.identity.deviceNumber == root.identity.deviceNumber && status.owner == geteuid()
            && status.mode & 0o022 == 0
    }

    private func path(of name: Digest) -> String { paths.readings + "/" + name.hex }

    private func write(_ content: [UInt8], to path: String) throws(SystemError) {
        if (try? FileStatus.ofLink(paths.readings)) == nil {
            try Directory.create(paths.readings, mode: 0o700)
            // As for the quarantine: who may write to the store may write here.
            try Directory.setMode(paths.readings, try FileStatus.of(paths.staging).mode)
        }
        let target = try AtomicFile.create(path, mode: 0o640)
        try target.file.write(content + Digest.of(content).bytes)
        try target.commit(durable: false)
        try removeOldest()
    }

    private func removeOldest() throws(SystemError) {
        var files: [(path: String, size: Int64, modified: Int64)] = []
        let time = now.milliseconds &* 1_000_000
        for name in try Directory.names(in: paths.readings) {
            let path = paths.readings + "/" + name
            guard let status = try? FileStatus.ofLink(path), status.kind == .file else { continue }
            guard !name.hasSuffix(".partial") else {
                if time &- status.modified > Self.staleAge { try? Directory.remove(path) }
                continue
            }
            files.append((path, status.size, status.modified))
        }
        var sum = files.reduce(0) { $0 &+ $1.size }
        for file in files.sorted(by: { $0.modified < $1.modified }) where sum > Self.largestSum {
            try? Directory.remove(file.path)
            sum -= file.size
        }
    }
}
