/// Why a file that starts like an ELF file can't be read as one.
package enum ELFError: Error, Equatable, CustomStringConvertible {
    /// A structure reaches past the end of the file: a cut file, or an offset that was never right.
    case truncated(what: String, offset: UInt64, size: UInt64, fileSize: UInt64)
    /// A field holds a value that the specification doesn't allow there.
    case invalid(what: String, offset: UInt64, found: String, expected: String)
    /// There is more of something than this reader accepts from a file it doesn't trust.
    case tooMany(what: String, offset: UInt64, found: UInt64, limit: UInt64)

    /// One line for a person: what and where, what was found, what would be right.
    package var description: String {
        switch self {
        case .truncated(let what, let offset, let size, let fileSize):
            "\(what) at offset \(offset) needs \(size) bytes, but the file ends at \(fileSize): is it cut short?"
        case .invalid(let what, let offset, let found, let expected):
            "\(what) at offset \(offset) is \(found), where \(expected) is expected"
        case .tooMany(let what, let offset, let found, let limit):
            "\(what) at offset \(offset): \(found) is more than the \(limit) that are accepted"
        }
    }
}
