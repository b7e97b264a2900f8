import CShims
import Glibc

extension Directory {
    /// The names in an open directory, as bytes, without `.` and `..`, sorted.
    package static func rawNames(of directory: borrowing File) throws(SystemError) -> [[UInt8]] {
        // Of its own: a duplicate would share the position.
        let descriptor = retrying { shim_openat(directory.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
        guard descriptor >= 0 else { throw SystemError(call: "list", path: directory.path) }
        guard let stream = fdopendir(descriptor) else {
            let error = SystemError(call: "list", path: directory.path)
            close(descriptor)
            throw error
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw SystemError(call: "list", path: directory.path) }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
