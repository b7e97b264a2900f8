import ContentAddress
package import ImageTransport
import OCI
package import Testing

/// What every ``ImageSource`` must do, whatever it reads from.
package enum ImageSourceContract {
    /// Reads all of an image, several times and from several threads, and asks for what isn't there.
    ///
    /// Returns the uncompressed bytes of the layers of each manifest, in the order of the index.
    @discardableResult
    package static func check(
        _ source: any ImageSource,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [[[UInt8]]] {
        let root = try source.root()
        #expect(root.digest == Digest.of(root.bytes), sourceLocation: sourceLocation)
        #expect(try source.root() == root, "the root must not change", sourceLocation: sourceLocation)
        let manifests = MediaType.isIndex(root.mediaType) ? try root.index().manifests.map(source.document) : [root]
        let layers = try manifests.map { try checkManifest($0, source, sourceLocation) }
        try checkMissingBlob(source, sourceLocation)
        return layers
    }

    private static func checkManifest(
        _ document: ImageDocument,
        _ source: any ImageSource,
        _ sourceLocation: SourceLocation
    ) throws -> [[UInt8]] {
        let manifest = try document.manifest()
        let config = try source.document(manifest.config).config()
        #expect(config.rootfs.diffIDs.count == manifest.layers.count, sourceLocation: sourceLocation)
        return try zip(manifest.layers, config.rootfs.diffIDs).map { layer, diffID in
            try checkSize(layer, source, sourceLocation)
            // Twice, and once in pieces of another size: a blob can be opened as often as one likes.
            let first = try source.blob(layer).readAll()
            #expect(Digest.of(first) == layer.digest, sourceLocation: sourceLocation)
            #expect(try pieces(of: source.blob(layer)) == first, sourceLocation: sourceLocation)
            let stream = LayerStream(of: source, layer, diffID: diffID)
            var content: [UInt8] = []
            while let bytes = try stream.next() { content.append(contentsOf: bytes) }
            #expect(Digest.of(content) == diffID, sourceLocation: sourceLocation)
            return content
        }
    }

    private static func checkSize(
        _ layer: Descriptor,
        _ source: any ImageSource,
        _ sourceLocation: SourceLocation
    ) throws {
        for size in [layer.size - 1, layer.size + 1] where size >= 0 {
            var wrong = layer
            wrong.size = size
            #expect(throws: TransportError.self, sourceLocation: sourceLocation) { try source.blob(wrong).readAll() }
        }
        var negative = layer
        negative.size = -1
        #expect(throws: TransportError.self, sourceLocation: sourceLocation) { try source.blob(negative) }
    }

    private static func checkMissingBlob(_ source: any ImageSource, _ sourceLocation: SourceLocation) throws {
        let missing = Descriptor(mediaType: MediaType.layer, digest: .of("no blob has these bytes"), size: 3)
        let error = #expect(throws: TransportError.self, sourceLocation: sourceLocation) {
            try source.blob(missing).readAll()
        }
        guard case .notFound = error else {
            Issue.record(
                "a missing blob must be notFound, not \(String(describing: error))",
                sourceLocation: sourceLocation
            )
            return
        }
    }

    private static func pieces(of stream: BlobStream) throws -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1009)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
            guard count > 0 else { return result }
            result += buffer[..<count]
        }
    }
}
