package import OCI

/// Moves images from one place to another, with their digests.
package enum ImageCopy {
    /// Copies an image whole, and what refers to it; gives its root's descriptor.
    ///
    /// The image gets its name last; `outline` is the source's, where it was read already. Every blob is checked on its
    /// way. `progress` gets the number of bytes that are done since its last call. Throws where the source couldn't read
    /// all of the file system that it makes the image of: the copy wouldn't say so any more.
    @discardableResult
    package static func run(
        from source: some ImageSource,
        to destination: any ImageDestination,
        outline known: ImageOutline? = nil,
        referrers: ImageReferrers = ImageReferrers(),
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(TransportError) -> Descriptor {
        let unread = source.unread.filter { !$0.isOfNoImage }
        if let first = unread.first {
            let rest = unread.count == 1 ? "" : ", nor were \(unread.count - 1) more"
            let path = String(decoding: first.path, as: UTF8.self)
            throw .document(what: source.name, reason: "/\(path) wasn't read (\(first.reason))\(rest)")
        }
        let outline = if let known { known } else { try ImageOutline(of: source) }
        if let remote = destination as? any RemoteImageDestination {
            try send(outline, from: source, to: remote, referrers: referrers, progress: progress)
            return outline.root.descriptor
        }
        try destination.prepare(for: outline.blobs + referrers.all.flatMap(\.outline.blobs))
        try add(outline, from: source, to: destination, progress: progress)
        for referrer in referrers.all {
            try add(referrer.outline, from: referrer.source, to: destination) { _ in }
            try destination.attach(referrer.outline, to: referrer.subject, by: referrer.source.tag)
        }
        try destination.finish(outline)
        return outline.root.descriptor
    }

    private static func add(
        _ outline: ImageOutline,
        from source: some ImageSource,
        to destination: any ImageDestination,
        progress: @escaping (Int64) -> Void
    ) throws(TransportError) {
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
