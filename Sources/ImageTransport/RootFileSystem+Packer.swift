internal import Archive
internal import CShims
internal import Glibc
internal import SystemIO

extension RootFileSystem {
    /// Writes a folder's tree as a tar archive into a file without a name.
    ///
    /// Other file systems mounted below (`/proc` for one) stay empty folders, as in a container's export.
    final class Packer {
        private let archive: File
        private var offset: Int64 = 0
        private var device: dev_t?
        private var names: [Identity: String] = [:]
        private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)

        /// No process can reach a path with more folders, and each takes a file descriptor here.
        private static let largestDepth = 512

        private struct Identity: Hashable {
            let device: dev_t
            let inode: ino_t
        }

        init() throws(TransportError) {
            archive = try Spool.unnamedFile()
        }

        deinit {
            buffer.deallocate()
        }

        /// Packs what is in an open folder, names in byte order.
        func pack(_ folder: borrowing File, path: String, depth: Int = 0) throws {
            guard depth < Self.largestDepth else {
                throw TransportError.document(
                    what: path,
                    reason: "there are more than \(Self.largestDepth) folders in each other"
                )
            }
            for name in try Directory.names(in: "/proc/self/fd/\(folder.descriptor)") {
                var status = stat()
                // Gone since the folder was listed: a running system does that.
                guard fstatat(folder.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                if device == nil { device = status.st_dev }
                try pack(name, status, in: folder, path: path.isEmpty ? name : path + "/" + name, depth: depth)
            }
        }

        /// Ends the archive.
        func finish() throws(TransportError) -> SharedFile {
            try write(TarWriter.trailer)
            let descriptor = dup(archive.descriptor)
            guard descriptor >= 0 else { throw .system(SystemError(call: "open", path: archive.path)) }
            return SharedFile(File(adopting: descriptor, path: archive.path))
        }

        private func pack(_ name: String, _ status: stat, in folder: borrowing File, path: String, depth: Int) throws {
            var header = TarHeader(
                path: path,
                kind: .file,
                mode: UInt16(status.st_mode & 0o7777),
                uid: status.st_uid,
                gid: status.st_gid,
                modified: Int64(status.st_mtim.tv_sec)
            )
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                header.kind = .directory
                try write(TarWriter.encode(header))
                guard status.st_dev == device else { return }
                let child = try open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, in: folder, path: path)
                try pack(child, path: path, depth: depth + 1)
            case S_IFREG: try packFile(name, status, &header, in: folder)
            case S_IFLNK:
                header.kind = .symbolicLink
                header.linkName = try target(name, in: folder, path: path)
                try write(TarWriter.encode(header))
            case S_IFCHR:
                header.kind = .characterDevice(major: Self.major(status.st_rdev), minor: Self.minor(status.st_rdev))
                try write(TarWriter.encode(header))
            case S_IFBLK:
                header.kind = .blockDevice(major: Self.major(status.st_rdev), minor: Self.minor(status.st_rdev))
                try write(TarWriter.encode(header))
            case S_IFIFO:
                header.kind = .pipe
                try write(TarWriter.encode(header))
            // Sockets are made by the programs that listen on them.
            default: break
            }
        }

        private func packFile(
            _ name: String,
            _ status: stat,
            _ header: inout TarHeader,
            in folder: borrowing File
        ) throws {
            let identity = Identity(device: status.st_dev, inode: status.st_ino)
            if status.st_nlink > 1, let first = names[identity] {
                header.kind = .hardLink
                header.linkName = first
                return try write(TarWriter.encode(header))
            }
            if status.st_nlink > 1 { names[identity] = header.path }
            let file = try open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, in: folder, path: header.path)
            header.size = Int64(status.st_size)
            try write(TarWriter.encode(header))
            var rest = header.size
            while rest > 0 {
                let count = try file.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(rest, Int64(buffer.count)))])
                )
                guard count > 0 else {
                    throw TransportError.document(what: header.path, reason: "it became shorter while it was read")
                }
                try archive.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: offset)
                offset += Int64(count)
                rest -= Int64(count)
            }
            try write(TarWriter.padding(after: header.size))
        }

        private func write(_ bytes: [UInt8]) throws(TransportError) {
            var result: Result<Void, SystemError> = .success(())
            bytes.withUnsafeBytes { bytes in
                do throws(SystemError) { try archive.write(bytes, at: offset) } catch { result = .failure(error) }
            }
            do { try result.get() } catch { throw .system(error) }
            offset += Int64(bytes.count)
        }

        private func open(
            _ name: String,
            _ flags: CInt,
            in folder: borrowing File,
            path: String
        ) throws(SystemError) -> File {
            let descriptor = shim_openat(folder.descriptor, name, flags | O_CLOEXEC, 0)
            guard descriptor >= 0 else { throw SystemError(call: "open", path: path) }
            return File(adopting: descriptor, path: path)
        }

        private func target(_ name: String, in folder: borrowing File, path: String) throws(SystemError) -> String {
            var bytes = [CChar](repeating: 0, count: 4097)
            let count = readlinkat(folder.descriptor, name, &bytes, bytes.count - 1)
            guard count >= 0 else { throw SystemError(call: "read the link", path: path) }
            return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        // Linux' encoding of device numbers (gnu_dev_major(3)), which is a macro in C.
        private static func major(_ device: dev_t) -> UInt32 {
            UInt32(truncatingIfNeeded: (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF)
        }

        private static func minor(_ device: dev_t) -> UInt32 {
            UInt32(truncatingIfNeeded: device & 0xFF | (device >> 12) & ~0xFF)
        }
    }
}
