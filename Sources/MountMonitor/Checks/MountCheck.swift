/// What a check of one mount does: the calls that hang when the mount does.
struct MountCheck: Hashable, Sendable {
    let path: String
    /// The file to read; nil to look whether `path` is a folder.
    let canary: String?

    /// A canary says "the server answers", so its start is enough; it bounds the time and the cache a large one takes.
    static let longestRead = 1 << 20

    init(_ mount: MountConfiguration) {
        path = mount.path
        canary =
            switch mount.checkType {
            case .canary: "\(mount.path)/\(mount.canaryFile)"
            case .directory: nil
            }
    }

    /// Asks the mount; throws what it answered instead.
    ///
    /// Blocks for as long as the file system lets it hang, which nothing can cut short: only for a thread that may be
    /// lost.
    func run() throws(MountCheckFailure) {
        do {
            if let canary { try MountCheck.read(canary) } else { try MountCheck.lookAt(path) }
        } catch let error as FileFailure {
            throw .file(error)
        } catch let error as MountCheckFailure {
            throw error
        } catch {
            throw .other("\(error)")
        }
    }

    private static func lookAt(_ path: String) throws {
        guard try OperatingSystem.facts(path: path).isFolder else { throw MountCheckFailure.notAFolder(path) }
    }

    private static func read(_ path: String) throws {
        let file = try OperatingSystem.open(path: path)
        defer { file.close() }
        guard try file.facts().isRegularFile else { throw MountCheckFailure.notAFile(path) }
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
    case notAFile(String)
    case notAFolder(String)
    case other(String)

    var description: String {
        switch self {
        case .file(let failure): failure.description
        case .notAFile(let path): "\(path) is no regular file"
        case .notAFolder(let path): "\(path) is no folder"
        case .other(let reason): reason
        }
    }
}
