import Archive
import ContentAddress

/// A layer in the record of an image.
struct RecordedLayer: Codable, Sendable {
    private let digest: Digest
    private let diffID: Digest
    private let size: Int64
    private let uncompressedSize: Int64
    private let compression: String
    private let entries: Int

    init(_ layer: LayerFacts) {
        digest = layer.digest
        diffID = layer.diffID
        size = layer.size
        uncompressedSize = layer.uncompressedSize
        compression = layer.compression.rawValue
        entries = layer.entryCount
    }

    /// The facts that it was made from; throws ``RecordError`` for an unknown compression.
    func facts() throws(RecordError) -> LayerFacts {
        guard let compression = Compression(rawValue: compression) else {
            throw RecordError("a layer is compressed by '\(compression)'")
        }
        return LayerFacts(
            digest: digest,
            diffID: diffID,
            size: size,
            uncompressedSize: uncompressedSize,
            compression: compression,
            entryCount: entries
        )
    }
}
