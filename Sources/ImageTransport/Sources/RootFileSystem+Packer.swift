import Archive
import CShims
import Glibc
import SystemIO

extension RootFileSystem {
    /// Writes a directory's tree as a tar archive into a file without a name.
    ///
    /// Other file systems mounted below stay empty directories, as in a container's export; those whose files a process
    /// would run or read are recorded as unread.
    final class Packer {
        /// What couldn't be read.
        private(set) var unread: [UnreadPath] = []
        private var sockets: (first: [UInt8], count: Int)?

        private let archive: File
        private let budget: WorkBudget
        private var offset: Int64 = 0
        private var device: dev_t?
        private var names: [Identity: [UInt8]] = [:]
        private let buffer = ReadBuffer()

        /// No process can reach a path with more directories, and each takes a file descriptor here.
        private static let largestDepth = 512
        /// More unread places than these are told by their number.
        private static let mostUnread = 100

        private struct Identity: Hashable {
            let device: dev_t
            let inode: ino_t
        }

        /// A name in an open directory, and what was found there.
        private struct Entry {
            let name: [UInt8]
            let path: [UInt8]
            let status: stat
        }

        /// A packer whose archive is bounded by a budget.
        init(budget: WorkBudget) throws(TransportError) {
            self.budget = budget
            archive = try Spool.unnamedFile()
        }

        /// Packs what is in an open directory, names in byte order.
        func pack(_ directory: borrowing File, path: [UInt8], depth: Int = 0) throws {
            guard depth < Self.largestDepth else {
                return note(path, "there are more than \(Self.largestDepth) directories in each other")
            }
            for name in try Directory.rawNames(of: directory) {
                let inner = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
                var status = stat()
                guard fstatat(directory.descriptor, Self.text(name), &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                    // Gone since the directory was listed: a running system does that. A dead mount is there, and can't
                    // be read.
                    if errno != ENOENT { note(inner, SystemError(call: "stat", path: "it").reason) }
                    continue
                }
                if device == nil { device = status.st_dev }
                try pack(Entry(name: name, path: inner, status: status), in: directory, depth: depth)
            }
        }

        /// Ends the archive.
        func finish() throws(TransportError) -> SharedFile {
            try write(TarWriter.trailer)
            if let sockets {
                let more = sockets.count > 1 ? "; there are \(sockets.count - 1) more" : ""
                let reason = "it is a socket, which no image can have\(more)"
                unread.append(UnreadPath(path: sockets.first, reason: reason, isOfNoImage: true))
            }
            let descriptor = dup(archive.descriptor)
            guard descriptor >= 0 else { throw .system(SystemError(call: "open", path: archive.path)) }
            return SharedFile(File(adopting: descriptor, path: archive.path))
        }

        private func note(_ path: [UInt8], _ reason: String) {
            if unread.count < Self.mostUnread {
                unread.append(UnreadPath(path: path, reason: reason))
            } else if unread.count == Self.mostUnread {
                unread.append(UnreadPath(path: path, reason: "\(reason); there is more that couldn't be read"))
            }
        }

        private func pack(_ entry: Entry, in directory: borrowing File, depth: Int) throws {
            let status = entry.status
            // In a layer it would stand for what isn't there.
            guard !entry.name.starts(with: ".wh.".utf8) else {
                return note(entry.path, "its name is a whiteout's in layers, so that no image can have it")
            }
            var header = TarHeader(
                path: "",
                kind: .file,
                mode: UInt16(status.st_mode & 0o7777),
                uid: status.st_uid,
                gid: status.st_gid,
                modified: Int64(status.st_mtim.tv_sec)
            )
            do {
                header.extendedAttributes = try ExtendedAttributes.read(entry.name, in: directory, where: Self.isWanted)
            } catch {
                note(entry.path, "its extended attributes: \(error.reason)")
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try packDirectory(entry, &header, in: directory, depth: depth)
            case S_IFREG: try packFile(entry, &header, in: directory)
            case S_IFLNK:
                header.kind = .symbolicLink
                let target: [UInt8]
                do throws(SystemError) { target = try self.target(entry, in: directory) } catch {
                    return note(entry.path, error.reason)
                }
                try write(header, entry.path, linkName: target)
            case S_IFCHR:
                header.kind = .characterDevice(major: Self.major(status.st_rdev), minor: Self.minor(status.st_rdev))
                try write(header, entry.path)
            case S_IFBLK:
                header.kind = .blockDevice(major: Self.major(status.st_rdev), minor: Self.minor(status.st_rdev))
                try write(header, entry.path)
            case S_IFIFO:
                header.kind = .pipe
                try write(header, entry.path)
            // Programs that listen on one make it; archives have no type for it.
            case S_IFSOCK: sockets = (sockets?.first ?? entry.path, (sockets?.count ?? 0) + 1)
            default: note(entry.path, "it is of a kind that archives have no type for")
            }
        }

        private func packDirectory(
            _ entry: Entry,
            _ header: inout TarHeader,
            in directory: borrowing File,
            depth: Int
        ) throws {
            header.kind = .directory
            try write(header, entry.path)
            do {
                let child = try open(entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, in: directory)
                guard entry.status.st_dev == device else {
                    let type = shim_file_system_type(child.descriptor)
                    if !KernelFileSystem.types.contains(type), try holdsFile(child) {
                        note(entry.path, "another file system is mounted there")
                    }
                    return
                }
                try pack(child, path: entry.path, depth: depth + 1)
            } catch let error as SystemError {
                note(entry.path, error.reason)
            }
        }

        /// Whether there is a regular file in a directory, which devices and sockets of a `/dev` aren't.
        private func holdsFile(_ directory: borrowing File, depth: Int = 0) throws -> Bool {
            guard depth < Self.largestDepth else { return true }
            for name in try Directory.rawNames(of: directory) {
                var status = stat()
                guard fstatat(directory.descriptor, Self.text(name), &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                    continue
                }
                if status.st_mode & S_IFMT == S_IFREG { return true }
                guard status.st_mode & S_IFMT == S_IFDIR else { continue }
                let entry = Entry(name: name, path: name, status: status)
                if try holdsFile(open(entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, in: directory), depth: depth + 1) {
                    return true
                }
            }
            return false
        }

        private func packFile(_ entry: Entry, _ header: inout TarHeader, in directory: borrowing File) throws {
            let identity = Identity(device: entry.status.st_dev, inode: entry.status.st_ino)
            if entry.status.st_nlink > 1, let first = names[identity] {
                header.kind = .hardLink
                return try write(header, entry.path, linkName: first)
            }
            guard let file = regularFile(entry, in: directory) else { return }
            if entry.status.st_nlink > 1 { names[identity] = entry.path }
            header.size = Int64(entry.status.st_size)
            do { try budget.take(header.size, .copied) } catch {
                throw TransportError.spent(what: file.path, error)
            }
            try write(header, entry.path)
            try copy(file, count: header.size, path: entry.path)
            try write(TarWriter.padding(after: header.size))
        }

        /// Opens a file; nil when that can't be done, which is recorded.
        private func regularFile(_ entry: Entry, in directory: borrowing File) -> File? {
            do throws(SystemError) {
                let file = try open(entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, in: directory)
                if try file.status().kind == .file { return file }
                note(entry.path, "it became something else while the directory was read")
            } catch {
                note(entry.path, error.reason)
            }
            return nil
        }

        /// Copies a file's content; zeros stand for what can't be read of it.
        private func copy(_ file: borrowing File, count: Int64, path: [UInt8]) throws(TransportError) {
            var rest = count
            var isReadable = true
            while rest > 0 {
                let part = UnsafeMutableRawBufferPointer(
                    rebasing: buffer.bytes[..<Int(min(rest, Int64(ReadBuffer.size)))]
                )
                var read = 0
                if isReadable {
                    do throws(SystemError) {
                        read = try file.read(into: part)
                        if read == 0 { note(path, "it became shorter while it was read") }
                    } catch {
                        note(path, error.reason)
                    }
                    isReadable = read > 0
                }
                if read == 0 {
                    part.initializeMemory(as: UInt8.self, repeating: 0)
                    read = part.count
                }
                do throws(SystemError) {
                    try archive.write(UnsafeRawBufferPointer(rebasing: part[..<read]), at: offset)
                } catch {
                    throw .system(error)
                }
                offset += Int64(read)
                rest -= Int64(read)
            }
        }

        private func write(_ header: TarHeader, _ path: [UInt8], linkName: [UInt8] = []) throws(TransportError) {
            try write(TarWriter.encode(header, path: path, linkName: linkName))
        }

        private func write(_ bytes: [UInt8]) throws(TransportError) {
            var result: Result<Void, SystemError> = .success(())
            bytes.withUnsafeBytes { bytes in
                do throws(SystemError) { try archive.write(bytes, at: offset) } catch { result = .failure(error) }
            }
            do { try result.get() } catch { throw .system(error) }
            offset += Int64(bytes.count)
        }

        private func open(_ entry: Entry, _ flags: CInt, in directory: borrowing File) throws(SystemError) -> File {
            let path = String(decoding: entry.path, as: UTF8.self)
            let descriptor = shim_openat(directory.descriptor, Self.text(entry.name), flags | O_CLOEXEC, 0)
            guard descriptor >= 0 else { throw SystemError(call: "open", path: path) }
            return File(adopting: descriptor, path: path)
        }

        private func target(_ entry: Entry, in directory: borrowing File) throws(SystemError) -> [UInt8] {
            var bytes = [CChar](repeating: 0, count: 4097)
            let count = readlinkat(directory.descriptor, Self.text(entry.name), &bytes, bytes.count - 1)
            guard count >= 0 else { throw SystemError(call: "read the link", path: "it") }
            return bytes.prefix(count).map { UInt8(bitPattern: $0) }
        }

        // Labels of SELinux, access lists and the like are of the system that the directory lies on.
        private static func isWanted(_ attribute: String) -> Bool {
            attribute == "security.capability" || attribute.hasPrefix("trusted.") || attribute.hasPrefix("user.")
        }

        /// A name as C has it.
        private static func text(_ name: [UInt8]) -> [CChar] { name.map { CChar(bitPattern: $0) } + [0] }

        // Linux' encoding of device numbers (gnu_dev_major(3)), which is a macro in C.
        private static func major(_ device: dev_t) -> UInt32 {
            UInt32(truncatingIfNeeded: (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF)
        }

        private static func minor(_ device: dev_t) -> UInt32 {
            UInt32(truncatingIfNeeded: device & 0xFF | (device >> 12) & ~0xFF)
        }
    }
}
