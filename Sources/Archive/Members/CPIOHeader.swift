/// The header of a member of a cpio archive (cpio(5)).
struct CPIOHeader {
    /// How its numbers are written.
    enum Form {
        /// "Portable ASCII" of POSIX: octal numbers.
        case portable
        /// "New ASCII", of which there is one with checksums: hexadecimal numbers.
        case new

        init?(_ magic: some Sequence<UInt8>) {
            switch String(decoding: Array(magic), as: UTF8.self) {
            case "070707": self = .portable
            case "070701", "070702": self = .new
            default: return nil
            }
        }

        /// How many bytes the header has before the name.
        var size: Int { self == .portable ? 76 : 110 }

        /// What is wrong with other digits.
        var words: String { self == .portable ? "a number isn't octal" : "a number isn't hexadecimal" }
    }

    /// What names of one file have in common.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    static let magicSize = 6

    let form: Form
    let identity: Identity
    let mode: UInt32
    let links: UInt64
    let size: Int64
    let nameLength: Int
    var name: [UInt8] = []

    /// Reads what follows the magic; nil for other digits than the form has.
    init?(_ bytes: [UInt8], _ form: Form) {
        let widths = form == .portable ? [6, 6, 6, 6, 6, 6, 6, 11, 6, 11] : [Int](repeating: 8, count: 13)
        guard bytes.count == widths.reduce(0, +) else { return nil }
        var numbers: [UInt64] = []
        var rest = bytes[...]
        for width in widths {
            guard let number = Self.number(rest.prefix(width), radix: form == .portable ? 8 : 16) else { return nil }
            numbers.append(number)
            rest = rest.dropFirst(width)
        }
        self.form = form
        switch form {
        case .portable:
            identity = Identity(device: numbers[0], inode: numbers[1])
            (mode, links) = (UInt32(numbers[2]), numbers[5])
            (size, nameLength) = (Int64(numbers[9]), Int(numbers[8]))
        case .new:
            identity = Identity(device: numbers[7] << 32 | numbers[8], inode: numbers[0])
            (mode, links) = (UInt32(numbers[1]), numbers[4])
            (size, nameLength) = (Int64(numbers[6]), Int(numbers[11]))
        }
    }

    /// Whether a file that starts so is a cpio archive.
    static func isOne(_ prefix: UnsafeRawBufferPointer) -> Bool {
        guard prefix.count >= magicSize, let form = Form(prefix.prefix(magicSize)), prefix.count >= form.size else {
            return false
        }
        return CPIOHeader(Array(prefix[magicSize..<form.size]), form) != nil
    }

    // At most eleven octal or eight hexadecimal digits: they fit into 33 bits.
    private static func number(_ digits: ArraySlice<UInt8>, radix: UInt64) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            guard let number = Character(UnicodeScalar(digit)).hexDigitValue, number < radix else { return nil }
            value = value * radix + UInt64(number)
        }
        return value
    }
}
