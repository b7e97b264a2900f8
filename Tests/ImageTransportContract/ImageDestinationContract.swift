package import ImageTransport
import OCI
package import Testing

/// What every ``ImageDestination`` must do, whatever it writes to.
package enum ImageDestinationContract {
    /// Copies an image to a fresh destination, reads it back, and breaks a copy off.
    ///
    /// `open` opens the same destination each time; `read` opens what stands there, nil when nothing does.
    package static func check(
        _ source: some ImageSource,
        open: () throws -> any ImageDestination,
        read: () throws -> (any ImageSource)?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outline = try ImageOutline(of: source)

        // Blobs without an end are not image.
        var destination: (any ImageDestination)? = try open()
        for descriptor in outline.blobs.dropLast() {
            try destination?.add(try source.blob(descriptor), descriptor)
        }
        destination = nil
        #expect(try read() == nil, "an image that was broken off stands there", sourceLocation: sourceLocation)

        // Bytes that aren't what the descriptor says are refused, and stay nowhere.
        if let layer = outline.parts.first?.manifest.layers.first, let config = outline.parts.first?.manifest.config {
            var wrong = layer
            wrong.digest = config.digest
            wrong.size = layer.size
            let broken = try open()
            #expect(throws: TransportError.self, sourceLocation: sourceLocation) {
                try broken.add(
                    try source.blob(Descriptor(mediaType: "x", digest: layer.digest, size: layer.size - 1)),
                    wrong
                )
            }
        }
        #expect(try read() == nil, "a damaged image stands there", sourceLocation: sourceLocation)

        var counted: Int64 = 0
        let root = try ImageCopy.run(from: source, to: try open()) { counted += $0 }
        #expect(counted == outline.blobs.map(\.size).reduce(0, +), sourceLocation: sourceLocation)
        let copy = try #require(try read(), sourceLocation: sourceLocation)
        #expect(try copy.root().digest == root.digest, sourceLocation: sourceLocation)
        #expect(
            try ImageSourceContract.check(copy, sourceLocation: sourceLocation)
                == ImageSourceContract.check(source, sourceLocation: sourceLocation),
            sourceLocation: sourceLocation
        )

        // Once more is not an error, and changes nothing.
        try ImageCopy.run(from: source, to: try open())
        #expect(try #require(try read()).root().digest == root.digest, sourceLocation: sourceLocation)
    }
}
