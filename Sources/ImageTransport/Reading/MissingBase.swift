import ContentAddress
import Printable

/// What a delta leaves out and the store that it is for doesn't have.
package struct MissingBase: Hashable, Sendable {
    struct Content: Hashable, Sendable {
        let digest: Digest
        /// In bytes.
        let size: Int64
        /// The release or image that has it.
        let part: String
    }

    let bundle: String
    /// Where the delta begins: an event of a log, and the log; nil where nothing tells.
    let start: String?
    let missing: [Content]

    private static let mostLines = 8

    var message: Message {
        let count = missing.count == 1 ? "a file or layer" : "\(missing.count) files and layers"
        var text: Message = "\(bundle, limit: 300) is a delta"
        if let start { text = text + " since \(message: start)" }
        text = text + ": it leaves out \(message: count) that this store lacks, and nothing was imported"
        for content in missing.prefix(Self.mostLines) {
            text =
                text
                + "\n  \(content.digest.short)  \(ByteCount.text(content.size))  of \(content.part, limit: 300)"
        }
        if missing.count > Self.mostLines { text = text + "\n  and \(missing.count - Self.mostLines) more" }
        let part = missing.first?.part ?? ""
        return text
            + "\nImport the bundle that came before it, with \(part, limit: 300), or export again without --since."
    }
}
