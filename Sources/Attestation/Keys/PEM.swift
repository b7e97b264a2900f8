/// The textual form of keys (RFC 7468).
enum PEM {
    /// Bytes in base64 lines of 64 characters, between the two lines of a label.
    static func encode(_ bytes: [UInt8], label: String) -> String {
        var rest = Base64.encode(bytes)[...]
        var lines = ["-----BEGIN \(label)-----"]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        return (lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
    }

    /// The bytes between the two lines of a label; nil where they aren't there, or aren't base64.
    static func decode(_ text: [UInt8], label: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
            .map { String(decoding: $0, as: UTF8.self) }
        guard let begin = lines.firstIndex(of: "-----BEGIN \(label)-----"),
            let end = lines[begin...].firstIndex(of: "-----END \(label)-----")
        else { return nil }
        return Base64.decode(lines[(begin + 1)..<end].joined())
    }
}
