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
}
