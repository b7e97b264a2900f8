import ContentAddress
import OCI

/// Where a layout's files are.
protocol LayoutFiles: Sendable {
    /// A small file at the layout's top.
    func bytes(of name: String, limit: Int64) throws(TransportError) -> [UInt8]
    func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader
}

extension LayoutFiles {
    /// A small blob, whose size and digest are checked.
    func document(_ descriptor: Descriptor) throws(TransportError) -> ImageDocument {
        guard descriptor.size >= 0, descriptor.size <= ImageDocument.largestSize else {
            throw .tooLarge(
                what: "blob \(descriptor.digest.short)",
                size: descriptor.size,
                limit: ImageDocument.largestSize
            )
        }
        let stream = BlobStream(
            try open(descriptor),
            what: "blob \(descriptor.digest.short)",
            size: descriptor.size,
            digest: descriptor.digest
        )
        return ImageDocument(mediaType: descriptor.mediaType, bytes: try stream.readAll(), digest: descriptor.digest)
    }
}

struct DirectoryFiles: LayoutFiles {
    let path: String

    func bytes(of name: String, limit: Int64) throws(TransportError) -> [UInt8] {
        let file = try SharedFile.open("\(path)/\(name)", what: name, place: path)
        let size = try file.size
        guard size <= limit else { throw .tooLarge(what: "\(path)/\(name)", size: size, limit: limit) }
        return try readBytes(file.reader(count: size), count: Int(size))
    }

    func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        let name = "blobs/sha256/\(descriptor.digest.hex)"
        let file = try SharedFile.open("\(path)/\(name)", what: "blob \(descriptor.digest)", place: path)
        return file.reader(count: try file.size)
    }
}

/// A layout in a tar archive.
struct ArchiveFiles: LayoutFiles {
    let index: TarIndex

    func bytes(of name: String, limit: Int64) throws(TransportError) -> [UInt8] {
        try index.bytes(of: name, limit: limit)
    }

    func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        guard let place = index.place(of: "blobs/sha256/\(descriptor.digest.hex)") else {
            throw .notFound(what: "blob \(descriptor.digest)", place: index.path)
        }
        return index.reader(place)
    }
}
