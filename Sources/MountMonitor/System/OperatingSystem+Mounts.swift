#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// Calls on a mount, all of which block as long as the file system does.
extension OperatingSystem {
    /// The path without links, dots and doubled slashes.
    static func resolved(path: String) throws(FileFailure) -> String {
        guard !path.utf8.contains(0) else { throw FileFailure(call: "stat", path: path, number: EINVAL) }
        guard let resolved = realpath(path, nil) else { throw FileFailure(call: "stat", path: path, number: errno) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Whether there is an entry in the directory that `counts`, given its name.
    static func hasEntry(path: String, where counts: (String) -> Bool) throws(FileFailure) -> Bool {
        guard let directory = opendir(path) else { throw FileFailure(call: "open", path: path, number: errno) }
        defer { closedir(directory) }
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                guard errno == 0 else { throw FileFailure(call: "readdir", path: path, number: errno) }
                return false
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != "..", counts(name) { return true }
        }
    }

    /// Makes a file that must not be there, with these bytes, and waits until the file system has taken them.
    static func create(path: String, _ bytes: [UInt8]) throws(FileFailure) {
        let descriptor = openNew(path)
        guard descriptor >= 0 else { throw FileFailure(call: "create", path: path, number: errno) }
        var failure: FileFailure?
        let count = bytes.withUnsafeBytes { writeSome(descriptor, $0) }
        if count < 0 {
            failure = FileFailure(call: "write", path: path, number: errno)
        } else if count < bytes.count {
            failure = FileFailure(call: "write", path: path, number: ENOSPC)
        } else if fsync(descriptor) != 0 {
            failure = FileFailure(call: "fsync", path: path, number: errno)
        }
        // Network file systems report here what they could not store.
        if closeReporting(descriptor) != 0, failure == nil {
            failure = FileFailure(call: "close", path: path, number: errno)
        }
        if let failure { throw failure }
    }

    /// Removes a file; one that is not there is removed already.
    static func remove(path: String) throws(FileFailure) {
        guard unlink(path) != 0, errno != ENOENT else { return }
        throw FileFailure(call: "unlink", path: path, number: errno)
    }

    /// What the machine is called; empty where it has no name.
    static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func openNew(_ path: String) -> CInt {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        #if canImport(Glibc)
        return Glibc.open(path, flags, 0o600)
        #elseif canImport(Musl)
        return Musl.open(path, flags, 0o600)
        #endif
    }

    private static func closeReporting(_ descriptor: CInt) -> CInt {
        #if canImport(Glibc)
        return Glibc.close(descriptor)
        #elseif canImport(Musl)
        return Musl.close(descriptor)
        #endif
    }
}
