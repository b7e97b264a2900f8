/// One challenge of `WWW-Authenticate` (RFC 9110, section 11.6.1).
struct Challenge: Equatable {
    /// The scheme in lower case: `bearer`, `basic`.
    let scheme: String
    /// The parameters, names in lower case.
    var parameters: [String: String] = [:]

    /// The challenges in a header's fields, in their order.
    ///
    /// What follows something that breaks the grammar is left out.
    static func parse(_ fields: [String]) -> [Challenge] {
        fields.flatMap { field in
            var scanner = Scanner(field)
            return scanner.challenges()
        }
    }

    private struct Scanner {
        private let bytes: [UInt8]
        private var position = 0

        init(_ text: String) { bytes = Array(text.utf8) }

        mutating func challenges() -> [Challenge] {
            var result: [Challenge] = []
            while true {
                skip { $0 == UInt8(ascii: ",") || Self.isBlank($0) }
                guard let name = token() else { return result }
                let start = position
                skip(Self.isBlank)
                // A name and `=` belong to the last scheme; a name alone begins another one. The grammar splits both
                // lists by the same commas.
                if !result.isEmpty, take(UInt8(ascii: "=")) {
                    guard let value = value() else { return result }
                    result[result.count - 1].parameters[name.lowercased()] = value
                    continue
                }
                position = start
                result.append(Challenge(scheme: name.lowercased()))
                skip(Self.isBlank)
                skipToken68()
            }
        }

        // `Negotiate YWJj==`: one word in place of parameters.
        private mutating func skipToken68() {
            let start = position
            skip { Self.isTokenByte($0) || $0 == UInt8(ascii: "/") }
            skip { $0 == UInt8(ascii: "=") }
            skip(Self.isBlank)
            if position < bytes.count, bytes[position] != UInt8(ascii: ",") { position = start }
        }

        private mutating func value() -> String? {
            skip(Self.isBlank)
            guard take(UInt8(ascii: "\"")) else { return token() }
            var value: [UInt8] = []
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                switch byte {
                case UInt8(ascii: "\""): return String(decoding: value, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard position < bytes.count else { return nil }
                    value.append(bytes[position])
                    position += 1
                default: value.append(byte)
                }
            }
            return nil
        }

        private mutating func token() -> String? {
            let start = position
            skip(Self.isTokenByte)
            return position == start ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard position < bytes.count, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
            while position < bytes.count, isSkipped(bytes[position]) { position += 1 }
        }

        private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

        private static func isTokenByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
