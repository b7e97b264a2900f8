import CShims
import Glibc

/// Extended attributes of files (xattr(7)).
package enum ExtendedAttributes {
    /// The attributes of a name in an open directory whose own names `isWanted` takes, a link's own included.
    ///
    /// Empty where the file system has none.
    package static func read(
        _ name: [UInt8],
        in directory: borrowing File,
        where isWanted: (String) -> Bool
    ) throws(SystemError) -> [String: [UInt8]] {
        let path = Array("/proc/self/fd/\(directory.descriptor)/".utf8) + name
        let place = path.map { CChar(bitPattern: $0) } + [0]
        guard let list = try value(path, { shim_llistxattr(place, $0, $1) }) else { return [:] }
        var attributes: [String: [UInt8]] = [:]
        for bytes in list.split(separator: 0) {
            guard let key = String(validating: bytes, as: UTF8.self) else {
                throw SystemError(call: "read the attributes of", path: text(path), code: EILSEQ)
            }
            guard isWanted(key) else { continue }
            // Removed since they were listed.
            guard let value = try value(path, { shim_lgetxattr(place, key, $0, $1) }) else { continue }
            attributes[key] = value
        }
        return attributes
    }

    /// What a call gives that is asked for the size first; nil when there is none.
    private static func value(
        _ path: [UInt8],
        _ call: (UnsafeMutablePointer<CChar>?, UInt64) -> Int64
    ) throws(SystemError) -> [UInt8]? {
        while true {
            let size = retrying { call(nil, 0) }
            if size < 0, errno == ENODATA || errno == EOPNOTSUPP { return nil }
            guard size > 0 else {
                guard size == 0 else { throw SystemError(call: "read the attributes of", path: text(path)) }
                return []
            }
            var bytes = [CChar](repeating: 0, count: Int(size))
            let count = retrying { call(&bytes, UInt64(size)) }
            if count >= 0 { return bytes.prefix(Int(count)).map { UInt8(bitPattern: $0) } }
            // It grew meanwhile.
            guard errno == ERANGE else { throw SystemError(call: "read the attributes of", path: text(path)) }
        }
    }

    private static func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }
}
