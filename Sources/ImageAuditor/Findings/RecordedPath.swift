import ContentAddress
import ImageFileSystem

/// A path in JSON: its text, or `hex:` and its bytes where it is not UTF-8.
struct RecordedPath: Codable, Sendable {
    let path: FilePath

    init(_ path: FilePath) {
        self.path = path
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        if text.hasPrefix("hex:") {
            guard let bytes = Hexadecimal.decode(text.utf8.dropFirst(4)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a path")
            }
            path = FilePath(raw: bytes)
        } else {
            path = FilePath(text)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        let bytes = path.bytes
        let text = String(decoding: bytes, as: UTF8.self)
        try container.encode(Array(text.utf8) == bytes ? text : "hex:" + Hexadecimal.encode(bytes))
    }
}
