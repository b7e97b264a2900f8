import CShims
import Glibc

/// A whole file mapped for reading.
///
/// Only for files that nobody shortens while they are mapped, such as those in the store: a read past the new end of a
/// shortened file is a SIGBUS.
package struct MappedFile: ~Copyable {
    /// The file's bytes, valid while this value lives.
    package let bytes: UnsafeRawBufferPointer

    /// Maps all of an open file, which may be closed afterwards.
    package init(_ file: borrowing File) throws(SystemError) {
        let size = try file.status().size
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let count = Int(exactly: size) else {
            throw SystemError(call: "map", path: file.path, code: EFBIG)
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor, 0), start != MAP_FAILED else {
            throw SystemError(call: "map", path: file.path)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Whether some bytes stand anywhere in the file.
    package func contains(_ text: [UInt8]) -> Bool {
        text.isEmpty || shim_memmem(bytes.baseAddress, UInt64(bytes.count), text, UInt64(text.count)) != nil
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}
