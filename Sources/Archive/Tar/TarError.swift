/// Why a tar archive can't be read, and where in it.
package struct TarError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Reason: Equatable, Sendable {
        /// The archive ends inside a header or a file's content.
        case truncated
        /// A header's checksum isn't the sum of its bytes.
        case checksum
        /// One block of zeros and then something else: an archive ends with two.
        case loneZeroBlock
        /// A field that isn't a number, or not one that fits.
        case number(field: String)
        /// A size below zero, or one that reaches past the largest file offset.
        case size(Int64)
        /// A path, link target or name with a NUL byte, or longer than ``TarReader/Limits/pathLength``.
        case name(field: String)
        /// A record of a PAX header that doesn't follow the grammar.
        case paxRecord
        /// A PAX header or GNU long name that is larger than ``TarReader/Limits/extensionSize``.
        case extensionTooLarge(Int64)
        /// A list of a sparse file's extents that overlaps, goes backwards, or doesn't fit the size.
        case sparseMap
    }

    /// What is wrong.
    package let reason: Reason
    /// Where the header or record starts that is wrong, in bytes from the archive's start.
    package let offset: Int64

    /// An error at a place.
    package init(_ reason: Reason, at offset: Int64) {
        self.reason = reason
        self.offset = offset
    }

    /// One line for a person.
    package var description: String {
        "the tar archive is damaged at byte \(offset): \(explanation)"
    }

    private var explanation: String {
        switch reason {
        case .truncated: "it ends in the middle of an entry"
        case .checksum: "the header's checksum is wrong"
        case .loneZeroBlock: "a block of zeros is followed by more entries, where two end an archive"
        case .number(let field): "the field '\(field)' is not a number that fits"
        case .size(let size): "\(size) is not a size a file can have here"
        case .name(let field): "the field '\(field)' has a NUL byte or is too long"
        case .paxRecord: "a PAX record isn't 'LENGTH KEY=VALUE' and a newline"
        case .extensionTooLarge(let size): "a PAX header or long name has \(size) bytes, which is more than is allowed"
        case .sparseMap: "the extents of a sparse file overlap or don't fit its size"
        }
    }
}
