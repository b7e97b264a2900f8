/// A request's target taken apart: the segments of its path, and its query (RFC 3986, section 3).
struct RequestTarget: Equatable {
    /// What stands between the slashes of the path, decoded once; the first is what follows the first slash.
    let segments: [String]
    /// The parameters, in their order.
    let parameters: [Parameter]

    /// One of the parameters.
    struct Parameter: Equatable {
        let name: String
        let value: String
    }

    /// The parameters, the first of each name.
    var query: [String: String] {
        Dictionary(parameters.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// No target is longer.
    static let maximumLength = 8 << 10

    /// Reads a target in origin form or absolute form (RFC 9112, section 3.2); nil for one that is malformed.
    ///
    /// A segment that has a slash, a control character or bytes that are not UTF-8 when it is decoded is malformed: such a name
    /// would be another one to whoever decodes it once more.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        var rest = text[...]
        for scheme in ["http://", "https://"] where rest.lowercased().hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            rest = rest[(rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex)...]
            if rest.first != "/" { rest = "/" + rest }
        }
        guard rest.first == "/", !rest.contains("#") else { return nil }
        let parts = rest.dropFirst().split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments: [String] = []
        for segment in (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = Self.decode(segment), !decoded.contains("/") else { return nil }
            segments.append(decoded)
        }
        var parameters: [Parameter] = []
        for field in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(pair[0]), let value = Self.decode(pair.count > 1 ? pair[1] : "") else {
                return nil
            }
            parameters.append(Parameter(name: name, value: value))
        }
        self.segments = segments
        self.parameters = parameters
    }

    /// Decodes `%` and two digits; nil for a sign without them, for bytes that are not UTF-8, and for control characters.
    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
