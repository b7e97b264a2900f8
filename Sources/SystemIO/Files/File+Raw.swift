import CShims
import Glibc

extension File {
    /// Opens what an open directory has under a name, which may be any bytes; `O_CLOEXEC` is always added.
    package static func open(
        _ name: [UInt8],
        in directory: borrowing File,
        _ flags: CInt = O_RDONLY
    ) throws(SystemError) -> File {
        let path = directory.path + "/" + String(decoding: name, as: UTF8.self)
        let text = name.map { CChar(bitPattern: $0) } + [0]
        let descriptor = retrying { shim_openat(directory.descriptor, text, flags | O_CLOEXEC, 0) }
        guard descriptor >= 0 else { throw SystemError(call: "open", path: path) }
        return File(adopting: descriptor, path: path)
    }
}
