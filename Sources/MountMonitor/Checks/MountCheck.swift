/// What a check of one mount does: the calls that hang when the mount does.
struct MountCheck: Hashable, Sendable {
    enum Method: Hashable, Sendable {
        /// Read that file.
        case canary(String)
        /// Look whether the path is a directory.
        case directory
        /// Look whether a file system of that type is mounted at the path, and answers.
        case mountpoint(fsType: String)
    }

    let path: String
    let method: Method
    /// Whether an empty directory is a failure.
    let notEmpty: Bool
    /// From one write of a file to the next; nil where none is written.
    let writeInterval: GoDuration?

    /// Tells it from other checks of the same path, in metrics.
    var label: String {
        let options = (notEmpty ? ",notEmpty" : "") + (writeInterval == nil ? "" : ",write")
        return switch method {
        case .canary(let file): "canary:\(file)\(options)"
        case .directory: "directory\(options)"
        case .mountpoint(let fsType): "mountpoint:\(fsType)\(options)"
        }
    }

    /// A canary says "the server answers", so its start is enough; it bounds the time and the cache a large one takes.
    static let longestRead = 1 << 20

    /// Asks the mount; throws what it answered instead.
    ///
    /// `listing` gives the mounts of this process. Blocks for as long as the file system lets it hang, which nothing can
    /// cut short: only for a thread that may be lost.
    func run(listing: () throws -> MountTable = MountTable.current) throws(MountCheckFailure) {
        try MountCheckFailure.wrap {
            switch method {
            case .canary(let file): try MountCheck.read(file)
            case .directory:
                guard try OperatingSystem.facts(path: path).isDirectory else {
                    throw MountCheckFailure.notADirectory(path)
                }
            case .mountpoint(let fsType): try checkMountpoint(fsType, listing)
            }
            // Files of write checks say nothing about what the share holds.
            if notEmpty, try !OperatingSystem.hasEntry(path: path, where: { !$0.hasPrefix(WriteCheck.prefix) }) {
                throw MountCheckFailure.empty(path)
            }
        }
    }

    private func checkMountpoint(_ fsType: String, _ listing: () throws -> MountTable) throws {
        var mount = try mountedFileSystem(listing)
        if mount.type == "autofs", !MountTable.matches(mount.type, wanted: fsType) {
            // It mounts the file system when somebody looks into the directory, and takes it away again when nobody did.
            _ = try OperatingSystem.hasEntry(path: path) { _ in true }
            mount = try mountedFileSystem(listing)
        }
        guard MountTable.matches(mount.type, wanted: fsType) else {
            throw MountCheckFailure.wrongType(path, found: mount.type, wanted: fsType)
        }
        _ = try OperatingSystem.facts(path: path)
    }

    private func mountedFileSystem(_ listing: () throws -> MountTable) throws -> MountTable.Mount {
        let place = try OperatingSystem.resolved(path: path)
        guard let mount = try listing().topmost(at: place) else { throw MountCheckFailure.notMounted(path) }
        return mount
    }

    private static func read(_ path: String) throws {
        let file = try OperatingSystem.open(path: path)
        defer { file.close() }
        guard try !file.facts().isPipe else { throw MountCheckFailure.pipe(path) }
        // A canary that the kernel still holds in its cache would be read from a server that is long gone.
        defer { file.dropCache() }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        var total = 0
        while total < longestRead {
            let count = try file.read(into: buffer)
            if count == 0 { return }
            total += count
        }
    }
}

/// What a mount answered instead of what it should.
enum MountCheckFailure: Error, Equatable, CustomStringConvertible {
    case file(FileFailure)
    case pipe(String)
    case notADirectory(String)
    case notMounted(String)
    case wrongType(String, found: String, wanted: String)
    case empty(String)
    case other(String)

    var description: String {
        switch self {
        case .file(let failure): failure.description
        case .pipe(let path): "\(path) is a pipe, not a regular file"
        case .notADirectory(let path): "path is not a directory: \(path)"
        case .notMounted(let path): "nothing is mounted at \(path)"
        case .wrongType(let path, let found, let wanted): "\(found) is mounted at \(path), not \(wanted)"
        case .empty(let path): "\(path) is empty"
        case .other(let reason): reason
        }
    }

    /// Runs `body`, whose errors become this type.
    static func wrap(_ body: () throws -> Void) throws(MountCheckFailure) {
        do {
            try body()
        } catch let error as FileFailure {
            throw .file(error)
        } catch let error as MountCheckFailure {
            throw error
        } catch {
            throw .other("\(error)")
        }
    }
}
