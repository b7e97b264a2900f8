package import Glibc

/// A file that gets its name only when it is whole.
///
/// Dropped without ``commit(replacing:durable:)``, it leaves nothing behind.
package struct AtomicFile: ~Copyable {
    private let staged: StagedFile
    private let target: String

    /// The file to write to.
    package var file: File {
        _read { yield staged.file }
    }

    private init(_ staged: consuming StagedFile, target: String) {
        self.staged = staged
        self.target = target
    }

    /// Starts a file that will stand at `target`.
    ///
    /// The directory must be there. The mode is the file's whatever the umask. A file of that name is replaced. So is a
    /// link, or with `followingLinks` what it leads to. Throws `EINVAL` for what is, or leads to, a device, a pipe, a
    /// socket or a directory.
    package static func create(
        _ target: String,
        mode: mode_t = 0o644,
        followingLinks: Bool = false
    ) throws(SystemError) -> AtomicFile {
        if let kind = (try? FileStatus.of(target))?.kind, kind != .file {
            throw SystemError(call: "replace", path: target, code: EINVAL, detail: "it is a \(kind.rawValue)")
        }
        let target = followingLinks ? try Directory.following(target) : target
        let staged = try StagedFile.create(in: Directory.parent(of: target))
        try staged.file.setMode(mode)
        return AtomicFile(staged, target: target)
    }

    /// Puts the file in its place.
    ///
    /// With `durable`, content and name are on stable storage at return. Throws `EEXIST` when something is there and
    /// `replacing` is false.
    package consuming func commit(replacing: Bool = true, durable: Bool = true) throws(SystemError) {
        if durable { try staged.file.sync() }
        let directory = Directory.parent(of: target)
        if try !staged.link(to: target) {
            guard replacing else { throw SystemError(call: "create", path: target, code: EEXIST) }
            // A link can't replace: take a random name first, then rename over the old file.
            let name = File.temporaryName(in: directory)
            guard try staged.link(to: name) else { throw SystemError(call: "create", path: name, code: EEXIST) }
            do {
                try Directory.rename(name, to: target)
            } catch {
                unlink(name)
                throw error
            }
        }
        if durable { try Directory.sync(directory) }
    }
}
