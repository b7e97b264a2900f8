public import Glibc

/// A file that gets its name only when it is whole.
///
/// It is written without a name (or under a hidden one), then linked or renamed into place. Dropped without ``commit(replacing:)``, it leaves nothing behind.
public struct AtomicFile: ~Copyable {
    /// The file to write to.
    public let file: File
    private let target: String
    private let temporaryName: String?
    private var committed = false

    private init(_ file: consuming File, target: String, temporaryName: String?) {
        self.file = file
        self.target = target
        self.temporaryName = temporaryName
    }

    /// Starts a file that will stand at `target`.
    ///
    /// The folder must be there.
    public static func create(_ target: String, mode: mode_t = 0o644) throws(SystemError) -> AtomicFile {
        do {
            let file = try File.unnamed(in: Directory.parent(of: target), mode: mode)
            try file.setMode(mode)
            return AtomicFile(file, target: target, temporaryName: nil)
        } catch  where [EOPNOTSUPP, EISDIR, EINVAL].contains(error.code) {
            let name = hiddenName(for: target)
            let file = try File.open(name, O_RDWR | O_CREAT | O_EXCL, mode: mode)
            try file.setMode(mode)
            return AtomicFile(file, target: target, temporaryName: name)
        }
    }

    deinit {
        if !committed, let temporaryName { unlink(temporaryName) }
    }

    /// Puts the file in its place.
    ///
    /// With `durable`, content and name are on stable storage at return.
    ///
    /// Throws `EEXIST` when something is there and `replacing` is false.
    public consuming func commit(replacing: Bool = true, durable: Bool = true) throws(SystemError) {
        if durable { try file.sync() }
        if let temporaryName {
            if replacing {
                try Directory.rename(temporaryName, to: target)
            } else if try !Directory.renameIfFree(temporaryName, to: target) {
                throw SystemError(call: "create", path: target, code: EEXIST)
            }
        } else if try !file.link(to: target) {
            guard replacing else { throw SystemError(call: "create", path: target, code: EEXIST) }
            // linkat can't replace: take a hidden name first, then rename over the old file.
            let name = Self.hiddenName(for: target)
            try Directory.remove(name)
            guard try file.link(to: name) else { throw SystemError(call: "create", path: name, code: EEXIST) }
            do {
                try Directory.rename(name, to: target)
            } catch {
                unlink(name)
                throw error
            }
        }
        committed = true
        if durable { try Directory.sync(Directory.parent(of: target)) }
    }

    private static func hiddenName(for target: String) -> String {
        let folder = Directory.parent(of: target)
        return "\(folder)/.\(Directory.lastComponent(of: target)).\(getpid()).partial"
    }
}
