import ContentAddress
import ImageTransport
import Printable

/// What a bundle leaves out, in JSON.
struct DeltaShape: Encodable {
    struct Point: Encodable {
        let origin: String
        let size: Int64
        let root: String
    }

    struct Absence: Encodable {
        let digest: Digest
        let size: Int64
        let part: String
    }

    let since: Point?
    let leftOut: [Absence]

    init(_ delta: BundleDelta) {
        since = delta.since.map { Point(origin: $0.origin, size: $0.size, root: $0.root.hex) }
        leftOut = delta.leftOut.map { Absence(digest: $0.digest, size: $0.size, part: $0.part) }
    }
}

extension BundleDelta {
    /// In a line, for people.
    var summary: Message {
        var text: Message = "a delta"
        if let since { text = text + " since " + since.message }
        guard !leftOut.isEmpty else { return text + ", which leaves nothing out" }
        let names = Set(leftOut.map(\.part)).sorted()
        let more: Message = names.count > 3 ? " and \(names.count - 3) more" : ""
        let count = leftOut.count == 1 ? "1 file or layer" : "\(leftOut.count) files and layers"
        return text + ", without \(count) (\(ByteCount.text(size))) of \(names.prefix(3).joined(separator: ", "))"
            + more
    }
}
