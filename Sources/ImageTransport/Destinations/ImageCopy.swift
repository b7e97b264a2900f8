package import OCI

/// Moves images from one place to another, with their digests.
package enum ImageCopy {
    /// Copies an image whole; gives its root's descriptor.
    ///
    /// Every blob is checked on its way. `progress` gets the number of bytes that are done since its last call.
    @discardableResult
    package static func run(
        from source: some ImageSource,
        to destination: any ImageDestination,
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(TransportError) -> Descriptor {
        let outline = try ImageOutline(of: source)
        if let remote = destination as? any RemoteImageDestination {
            try send(outline, from: source, to: remote, progress: progress)
            return outline.root.descriptor
        }
        try destination.prepare(for: outline.blobs)
        for descriptor in outline.blobs {
            var counted: Int64 = 0
            if try !destination.has(descriptor) {
                if let document = outline.document(descriptor.digest) {
                    try destination.add(document.stream, descriptor)
                } else if try !addFile(descriptor, source, destination) {
                    let stream = try blob(descriptor, of: outline, source)
                    stream.passed = { count in
                        counted += count
                        progress(count)
                    }
                    try destination.add(stream, descriptor)
                }
            }
            progress(descriptor.size - counted)
        }
        try destination.finish(outline)
        return outline.root.descriptor
    }
}

extension ImageCopy {
    /// A blob of an image, checked while it is read.
    static func blob(
        _ descriptor: Descriptor,
        of outline: ImageOutline,
        _ source: some ImageSource
    ) throws(TransportError) -> BlobStream {
        do throws(TransportError) {
            return try source.blob(descriptor)
        } catch {
            throw outline.error(error, about: descriptor)
        }
    }

    private static func addFile(
        _ descriptor: Descriptor,
        _ source: some ImageSource,
        _ destination: any ImageDestination
    ) throws(TransportError) -> Bool {
        guard let file = try source.verifiedFile(descriptor) else { return false }
        return try destination.add(file, descriptor)
    }
}
