import Archive
import ContentAddress
import ImageTransport
import OCI
import SystemIO

/// Reads a layer's table of contents from its blob.
struct TableReader {
    let source: any ImageSource
    let layer: Descriptor
    let budget: WorkBudget

    /// The table at a place.
    ///
    /// Throws ``TableOfContents/Fault`` for what isn't one, ``ImageTransport/TransportError`` when the blob can't be
    /// read.
    func read(_ location: TableLocation) throws -> TableOfContents {
        guard location.count <= Int64(TableOfContents.largestSize) else {
            throw TableOfContents.Fault.unreadable("it has \(location.count) compressed bytes")
        }
        let compressed = try bytes(from: location.offset, count: Int(location.count))
        try Self.compare(Digest.of(compressed), location.compressedDigest)
        let text =
            switch location.format {
            case .zstdChunked: try decompress(compressed, .zstd)
            case .eStargz: try file(in: try decompress(compressed, .gzip))
            }
        try Self.compare(Digest.of(text), location.digest)
        return try TableOfContents(text, format: location.format)
    }

    private static func compare(_ found: Digest, _ promised: String?) throws(TableOfContents.Fault) {
        guard let promised, promised != found.description else { return }
        throw .ambiguous("its digest is \(found), the layer's annotation says \(promised)")
    }

    // Read to its end, so that the blob's digest is checked.
    private func bytes(from offset: Int64, count: Int) throws(TransportError) -> [UInt8] {
        let blob = try source.blob(layer)
        var found: [UInt8] = []
        var position: Int64 = 0
        try blob.forEachPiece { piece throws(TransportError) in
            let size = Int64(piece.count)
            let start = min(max(offset - position, 0), size)
            let end = min(max(offset + Int64(count) - position, 0), size)
            if start < end { found.append(contentsOf: piece[Int(start)..<Int(end)]) }
            position += size
        }
        return found
    }

    private func decompress(_ compressed: [UInt8], _ compression: Compression) throws -> [UInt8] {
        let reader: Result<[UInt8], any Error> = compressed.withUnsafeBytes { bytes in
            Result {
                var decompressor = try Decompressor(compression)
                var input = bytes
                var text: [UInt8] = []
                let output = ReadBuffer()
                while case let count = try decompressor.decompress(&input, into: output.bytes), count > 0 {
                    try budget.take(Int64(count), .bytes)
                    guard text.count + count <= TableOfContents.largestSize + Self.archiveOverhead else {
                        throw TableOfContents.Fault.unreadable("it has more than \(TableOfContents.largestSize) bytes")
                    }
                    text.append(contentsOf: output.prefix(count))
                }
                try decompressor.finish()
                return text
            }
        }
        do { return try reader.get() } catch let error as CompressionError {
            throw TableOfContents.Fault.unreadable("\(error)")
        } catch let error as WorkBudget.Spent {
            throw TransportError.spent(what: "the table of contents of layer \(layer.digest.short)", error)
        }
    }

    private static let archiveOverhead = 4096

    // The first entry of an archive of its own.
    private func file(in archive: [UInt8]) throws -> [UInt8] {
        let result: Result<[UInt8], any Error> = archive.withUnsafeBytes { bytes in
            Result {
                var reader = TarReader(appliesGlobalHeaders: false)
                var input = bytes
                var text: [UInt8] = []
                var isInside = false
                while let event = try reader.next(&input) {
                    switch event {
                    case .entry(let entry):
                        guard entry.path == TableOfContents.stargzName, entry.kind == .file, !isInside else {
                            throw TableOfContents.Fault.unreadable(
                                "an archive with other files than the table is there"
                            )
                        }
                        isInside = true
                    case .content(let piece): text.append(contentsOf: piece)
                    case .hole: throw TableOfContents.Fault.unreadable("it is a sparse file")
                    case .endOfEntry, .globalHeader, .endOfArchive: break
                    }
                }
                try reader.count(in: budget)
                try reader.finish()
                guard isInside else { throw TableOfContents.Fault.unreadable("there is no archive") }
                return text
            }
        }
        do { return try result.get() } catch let error as TarError {
            throw TableOfContents.Fault.unreadable("\(error)")
        } catch let error as WorkBudget.Spent {
            throw TransportError.spent(what: "the table of contents of layer \(layer.digest.short)", error)
        }
    }
}
