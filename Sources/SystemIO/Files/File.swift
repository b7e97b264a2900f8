import CShims
package import Glibc

/// An open file, closed when its owner lets go of it.
///
/// All calls block and are repeated when a signal interrupts them. Not safe to share between threads except for
/// ``read(into:at:)`` and ``write(_:at:)``, which have no position.
package struct File: ~Copyable, Sendable {
    /// The descriptor, valid while this value lives.
    package let descriptor: CInt
    /// The path it was opened by, for messages.
    package let path: String

    /// Takes over an open descriptor.
    package init(adopting descriptor: CInt, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Opens a file; `O_CLOEXEC` is always added.
    package static func open(_ path: String, _ flags: CInt = O_RDONLY, mode: mode_t = 0) throws(SystemError) -> File {
        let descriptor = retrying { shim_open(path, flags | O_CLOEXEC, mode) }
        guard descriptor >= 0 else { throw SystemError(call: flags & O_CREAT == 0 ? "open" : "create", path: path) }
        return File(adopting: descriptor, path: path)
    }

    /// Opens a file for reading and writing that has no name, in the file system of a directory.
    ///
    /// Where the file system can't make one (`O_TMPFILE`), it has a random name for a moment.
    package static func unnamed(in directory: String, mode: mode_t = 0o600) throws(SystemError) -> File {
        do throws(SystemError) {
            return try linkable(in: directory, mode: mode)
        } catch  where lacksUnnamedFiles(error) {
            let name = temporaryName(in: directory)
            let file = try open(name, O_RDWR | O_CREAT | O_EXCL, mode: mode)
            try Directory.remove(name)
            return file
        }
    }

    /// Whether a file system can't make files without a name.
    static func lacksUnnamedFiles(_ error: SystemError) -> Bool {
        [EOPNOTSUPP, EISDIR, EINVAL].contains(error.code)
    }

    /// A name that nobody looks for.
    static func temporaryName(in directory: String) -> String {
        "\(directory)/.\(UInt64.random(in: .min ... .max)).partial"
    }

    /// Opens a file that has no name, and that ``link(to:)`` can give one.
    static func linkable(in directory: String, mode: mode_t = 0o600) throws(SystemError) -> File {
        let descriptor = retrying { shim_open(directory, shim_O_TMPFILE | O_RDWR | O_CLOEXEC, mode) }
        guard descriptor >= 0 else { throw SystemError(call: "create a file in", path: directory) }
        return File(adopting: descriptor, path: directory)
    }

    /// What the file system says of the open file.
    package func status() throws(SystemError) -> FileStatus {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError(call: "stat", path: path) }
        return FileStatus(status)
    }

    /// Reads up to the buffer's size from the current position; 0 at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        let count = retrying { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        guard count >= 0 else { throw SystemError(call: "read", path: path) }
        return count
    }

    /// Reads up to the buffer's size from an offset; 0 at the end.
    ///
    /// Leaves the position alone.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SystemError) -> Int {
        let count = retrying { pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
        guard count >= 0 else { throw SystemError(call: "read", path: path) }
        return count
    }

    /// Writes all bytes at the current position.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = retrying { Glibc.write(descriptor, rest.baseAddress, rest.count) }
            guard count >= 0 else { throw SystemError(call: "write", path: path, detail: "\(rest.count) bytes wanted") }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    /// Writes all bytes at an offset.
    ///
    /// Leaves the position alone.
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(SystemError) {
        var rest = bytes
        var position = offset
        while !rest.isEmpty {
            let count = retrying { pwrite(descriptor, rest.baseAddress, rest.count, off_t(position)) }
            guard count >= 0 else { throw SystemError(call: "write", path: path, detail: "\(rest.count) bytes wanted") }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            position += Int64(count)
        }
    }

    /// Sets the size; bytes that are added read as 0 and take no storage.
    package func setSize(_ size: Int64) throws(SystemError) {
        guard retrying({ ftruncate(descriptor, off_t(size)) }) == 0 else {
            throw SystemError(call: "set the size of", path: path)
        }
    }

    /// Sets the permission bits.
    package func setMode(_ mode: mode_t) throws(SystemError) {
        guard fchmod(descriptor, mode) == 0 else { throw SystemError(call: "set the mode of", path: path) }
    }

    /// Locks the file until it is closed, unless another process or other open of the same file has it locked.
    ///
    /// An advisory lock (`flock`), for a directory as well as for a file. Returns whether it is locked now.
    package func tryLock() throws(SystemError) -> Bool {
        guard retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) != 0 else { return true }
        guard errno == EWOULDBLOCK else { throw SystemError(call: "lock", path: path) }
        return false
    }

    /// Ends what ``tryLock()`` began.
    package func unlock() { _ = retrying { flock(descriptor, LOCK_UN) } }

    /// Holds the file until it is closed, in every process that has it open (`F_OFD_SETLK`); throws where that can't be
    /// done at once.
    package func hold() throws(SystemError) {
        guard retrying({ shim_lock_open_file(descriptor) }) == 0 else { throw SystemError(call: "lock", path: path) }
    }

    /// Whether nobody holds the file.
    package func isUnheld() throws(SystemError) -> Bool {
        let result = retrying { shim_is_unlocked(descriptor) }
        guard result >= 0 else { throw SystemError(call: "look for locks of", path: path) }
        return result == 1
    }

    /// Waits until the file's content and metadata are on stable storage.
    package func sync() throws(SystemError) {
        guard retrying({ fsync(descriptor) }) == 0 else { throw SystemError(call: "sync", path: path) }
    }

    /// Starts writing a range to storage without waiting for it: a hint, so failures don't count.
    package func startWriteback(from offset: Int64, count: Int64) {
        _ = shim_start_writeback(descriptor, offset, count)
    }

    /// Reserves storage without changing the size, so that a full disk is known before the first byte.
    ///
    /// A file system that can't reserve isn't an error.
    package func reserve(_ count: Int64) throws(SystemError) {
        guard count > 0, retrying({ shim_fallocate_keep_size(descriptor, 0, count) }) != 0 else { return }
        guard errno != EOPNOTSUPP, errno != ENOSYS else { return }
        throw SystemError(call: "reserve space in", path: path, detail: "\(count) bytes wanted")
    }

    /// Gives a ``linkable(in:mode:)`` file a name.
    ///
    /// Returns false when the name is taken.
    package func link(to path: String) throws(SystemError) -> Bool {
        guard shim_link_open_file(descriptor, AT_FDCWD, path) != 0 else { return true }
        guard errno == EEXIST else { throw SystemError(call: "create", path: path) }
        return false
    }

    /// Waits until everything written to this file's file system is on stable storage.
    package func syncFileSystem() throws(SystemError) {
        guard retrying({ shim_syncfs(descriptor) }) == 0 else { throw SystemError(call: "sync", path: path) }
    }

    /// Copies all of another file into this empty one inside the kernel: as a clone that shares the blocks where the
    /// file system can, else by `copy_file_range`, else by reading and writing.
    ///
    /// `expectedSize` is the size the source is known to have; throws `EIO` when the source ends before it.
    package func copyContents(of source: borrowing File, expectedSize: Int64) throws(SystemError) {
        guard shim_ficlone(descriptor, source.descriptor) != 0 else { return }
        var copied: Int64 = 0
        while copied < expectedSize {
            let wanted = UInt64(min(expectedSize - copied, 1 << 30))
            let count = retrying { shim_copy_file_range(source.descriptor, nil, descriptor, nil, wanted) }
            if count > 0 {
                copied += Int64(count)
            } else if count == 0 {
                throw Self.endsEarly(source, at: copied, expectedSize: expectedSize)
            } else if copied == 0, [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) {
                return try copyByReading(source, expectedSize: expectedSize)
            } else {
                throw SystemError(call: "write", path: path, detail: "\(expectedSize - copied) bytes wanted")
            }
        }
    }

    /// That a file, of which that many bytes are copied, has an end before its size.
    static func endsEarly(_ source: borrowing File, at position: Int64, expectedSize: Int64) -> SystemError {
        SystemError(
            call: "read",
            path: source.path,
            code: EIO,
            detail: "it ends at \(position) of \(expectedSize) bytes"
        )
    }

    private func copyByReading(_ source: borrowing File, expectedSize: Int64) throws(SystemError) {
        let copied = try ReadBuffer().pass(
            atMost: expectedSize,
            from: { bytes throws(SystemError) in try source.read(into: bytes) },
            to: { bytes throws(SystemError) in try write(bytes) }
        )
        guard copied == expectedSize else { throw Self.endsEarly(source, at: copied, expectedSize: expectedSize) }
    }
}

/// Repeats a call while a signal interrupts it.
func retrying<Result: FixedWidthInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}
