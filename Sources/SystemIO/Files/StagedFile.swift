package import Glibc

/// A file that is being written: it has no name that anybody looks for until it is linked, and is gone when dropped
/// before.
///
/// It has no name at all where the file system can do that (`O_TMPFILE`), so that not even a crash leaves it behind;
/// elsewhere it has a random one ending in `.partial`.
package struct StagedFile: ~Copyable, Sendable {
    /// The open file, for reading and writing.
    package let file: File
    private let name: String?

    private init(_ file: consuming File, name: String?) {
        self.file = file
        self.name = name
    }

    deinit {
        guard let name else { return }
        unlink(name)
        Interruption.keep(name)
    }

    /// Starts a file in a directory, in whose file system it will also get its name.
    package static func create(in directory: String, mode: mode_t = 0o600) throws(SystemError) -> StagedFile {
        do {
            return StagedFile(try File.linkable(in: directory, mode: mode), name: nil)
        } catch  where File.lacksUnnamedFiles(error) {
            return try named(in: directory, mode)
        }
    }

    private static func named(in directory: String, _ mode: mode_t) throws(SystemError) -> StagedFile {
        let name = File.temporaryName(in: directory)
        var file: File?
        try Interruption.leaving(name) { () throws(SystemError) in
            file = try File.open(name, O_RDWR | O_CREAT | O_EXCL, mode: mode)
        }
        guard let file = file.take() else { throw SystemError(call: "create", path: name, code: EIO) }
        return StagedFile(file, name: name)
    }

    /// Takes over a file that has a name, which it loses when it gets another one or is dropped.
    package init(adopting file: consuming File, named name: String) { self.init(file, name: name) }

    /// What came of giving the file a name.
    package enum Linking: Sendable {
        /// It has a further name.
        case linked
        /// It has that name alone: the file system has no hard links.
        case moved
        /// Something has that name.
        case taken
        /// The file system has neither hard links nor a rename that replaces nothing.
        case unsupported
    }

    /// Gives the file a further name, or its only one where the file system has no hard links.
    package func tryLink(to path: String) throws(SystemError) -> Linking {
        guard let name else { return try file.link(to: path) ? .linked : .taken }
        guard Glibc.link(name, path) != 0 else { return .linked }
        switch errno {
        case EEXIST: return .taken
        // What FAT, rclone and others say instead of EOPNOTSUPP.
        case EPERM, EOPNOTSUPP, ENOSYS, EIO:
            switch try Directory.tryRename(name, to: path) {
            case .renamed: return .moved
            case .taken: return .taken
            case .unsupported: return .unsupported
            }
        default: throw SystemError(call: "create", path: path)
        }
    }

    /// Gives the file a name, on every file system; false when it is taken.
    ///
    /// On a file system without hard links and without a rename that replaces nothing, an empty file has the name for a
    /// moment.
    package func link(to path: String) throws(SystemError) -> Bool {
        switch try tryLink(to: path) {
        case .linked, .moved: return true
        case .taken: return false
        case .unsupported:
            guard let name else { return false }
            return try Directory.renameIfFree(name, to: path)
        }
    }

    /// Gives the file, for which ``tryLink(to:)`` is not supported, that name alone, and replaces what has it.
    package func rename(to path: String) throws(SystemError) {
        guard let name else { throw SystemError(call: "rename to", path: path, code: EOPNOTSUPP) }
        try Directory.rename(name, to: path)
    }
}
