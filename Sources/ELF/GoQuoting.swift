/// The quoting of Go's build settings: `key=value`, where either may be a Go string literal (strconv.Unquote).
enum GoQuoting {
    /// Key and value of a setting; nil for text that isn't one.
    static func setting(_ text: Substring) -> (key: String, value: String)? {
        var rest = text
        let key: String
        if let literal = takeLiteral(&rest) {
            key = literal
        } else {
            let end = rest.firstIndex(of: "=") ?? rest.endIndex
            key = String(rest[..<end])
            rest = rest[end...]
        }
        guard !key.isEmpty, rest.popFirst() == "=" else { return nil }
        guard rest.first == "\"" || rest.first == "`" else { return (key, String(rest)) }
        guard let value = takeLiteral(&rest), rest.isEmpty else { return nil }
        return (key, value)
    }

    /// Takes a literal off the front of the text; nil, and nothing taken, where none stands there.
    private static func takeLiteral(_ text: inout Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "`" else { return nil }
        let body = text.dropFirst()
        if quote == "`" {
            guard let end = body.firstIndex(of: "`") else { return nil }
            text = body[body.index(after: end)...]
            return String(body[..<end])
        }
        var bytes: [UInt8] = []
        var scalars = body.unicodeScalars
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"":
                text = Substring(scalars)
                return String(decoding: bytes, as: UTF8.self)
            case "\\":
                guard let escaped = escape(&scalars) else { return nil }
                bytes += escaped
            default:
                bytes += Array(String(scalar).utf8)
            }
        }
        return nil
    }

    private static func escape(_ scalars: inout Substring.UnicodeScalarView) -> [UInt8]? {
        guard let scalar = scalars.popFirst() else { return nil }
        switch scalar {
        case "a": return [7]
        case "b": return [8]
        case "f": return [12]
        case "n": return [10]
        case "r": return [13]
        case "t": return [9]
        case "v": return [11]
        case "\\", "\"", "'": return Array(String(scalar).utf8)
        case "x": return number(&scalars, digits: 2, radix: 16).map { [UInt8($0)] }
        case "u", "U":
            return number(&scalars, digits: scalar == "u" ? 4 : 8, radix: 16)
                .flatMap { Unicode.Scalar($0) }.map { Array(String($0).utf8) }
        case "0"..."7":
            guard let low = number(&scalars, digits: 2, radix: 8) else { return nil }
            return UInt8(exactly: (scalar.value - 48) * 64 + low).map { [$0] }
        default: return nil
        }
    }

    private static func number(_ scalars: inout Substring.UnicodeScalarView, digits: Int, radix: Int) -> UInt32? {
        guard scalars.count >= digits else { return nil }
        let text = String(scalars.prefix(digits))
        scalars = scalars.dropFirst(digits)
        // UInt32.init(_:radix:) would take a sign.
        return text.hasPrefix("+") ? nil : UInt32(text, radix: radix)
    }
}
