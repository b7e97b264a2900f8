/// The JSON form of a command line or a list of paths: an array of strings (RFC 8259).
enum JSONStringArray {
    /// What a text is.
    enum Reading: Equatable {
        /// An array of strings.
        case strings([String])
        /// An array with something else in it: an error wherever it stands.
        case otherArray
        /// No JSON array, so it is the shell form.
        case none
    }

    static func read(_ text: String) -> Reading {
        var scan = Scan(rest: Array(text.utf8)[...])
        scan.skipSpace()
        guard scan.take("[") else { return .none }
        var strings: [String] = []
        var isOther = false
        scan.skipSpace()
        if !scan.take("]") {
            repeat {
                scan.skipSpace()
                if scan.rest.first == UInt8(ascii: "\"") {
                    guard let string = scan.string() else { return .none }
                    strings.append(string)
                } else {
                    guard scan.skipValue(depth: 0) else { return .none }
                    isOther = true
                }
                scan.skipSpace()
            } while scan.take(",")
            guard scan.take("]") else { return .none }
        }
        scan.skipSpace()
        guard scan.rest.isEmpty else { return .none }
        return isOther ? .otherArray : .strings(strings)
    }
}

extension JSONStringArray {
    private struct Scan {
        /// Deeper nesting than this is taken for no JSON: an array in an array is an error in any case.
        static let maximumDepth = 64

        var rest: ArraySlice<UInt8>

        mutating func skipSpace() {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        }

        mutating func take(_ word: StaticString) -> Bool {
            word.withUTF8Buffer { word in
                guard rest.starts(with: word) else { return false }
                rest = rest.dropFirst(word.count)
                return true
            }
        }

        mutating func skipValue(depth: Int) -> Bool {
            guard depth < Self.maximumDepth, let first = rest.first else { return false }
            switch first {
            case UInt8(ascii: "\""): return string() != nil
            case UInt8(ascii: "["): return skipMembers("[", "]", depth: depth) { _ in true }
            case UInt8(ascii: "{"):
                return skipMembers("{", "}", depth: depth) { scan in
                    guard scan.string() != nil else { return false }
                    scan.skipSpace()
                    return scan.take(":")
                }
            default: return take("true") || take("false") || take("null") || skipNumber()
            }
        }

        private mutating func skipMembers(
            _ open: StaticString,
            _ close: StaticString,
            depth: Int,
            key: (inout Scan) -> Bool
        ) -> Bool {
            guard take(open) else { return false }
            skipSpace()
            if take(close) { return true }
            repeat {
                skipSpace()
                guard key(&self) else { return false }
                skipSpace()
                guard skipValue(depth: depth + 1) else { return false }
                skipSpace()
            } while take(",")
            return take(close)
        }

        private mutating func skipNumber() -> Bool {
            _ = take("-")
            if !take("0") {
                guard skipDigits() else { return false }
            }
            if take(".") {
                guard skipDigits() else { return false }
            }
            if take("e") || take("E") {
                _ = take("+") || take("-")
                guard skipDigits() else { return false }
            }
            return true
        }

        private mutating func skipDigits() -> Bool {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            rest = rest.dropFirst(digits.count)
            return !digits.isEmpty
        }

        mutating func string() -> String? {
            guard take("\"") else { return nil }
            var bytes: [UInt8] = []
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let text = escaped() else { return nil }
                    bytes.append(contentsOf: text.utf8)
                case 0..<0x20: return nil
                default: bytes.append(byte)
                }
            }
            return nil
        }

        private mutating func escaped() -> String? {
            switch rest.popFirst() {
            case UInt8(ascii: "\""): return "\""
            case UInt8(ascii: "\\"): return "\\"
            case UInt8(ascii: "/"): return "/"
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "f"): return "\u{C}"
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "u"): return codePoint()
            default: return nil
            }
        }

        // Half of a surrogate pair alone becomes U+FFFD, as in Go's decoder.
        private mutating func codePoint() -> String? {
            guard let first = codeUnit() else { return nil }
            if let scalar = Unicode.Scalar(first) { return String(scalar) }
            let before = rest
            if first < 0xDC00, take("\\u"), let second = codeUnit(), (0xDC00...0xDFFF).contains(second) {
                let value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
                if let scalar = Unicode.Scalar(value) { return String(scalar) }
            }
            rest = before
            return "\u{FFFD}"
        }

        private mutating func codeUnit() -> UInt32? {
            guard rest.count >= 4 else { return nil }
            var value: UInt32 = 0
            for byte in rest.prefix(4) {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                value = value << 4 | UInt32(digit)
            }
            rest = rest.dropFirst(4)
            return value
        }
    }
}
