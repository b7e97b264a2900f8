internal import ContentAddress
internal import Foundation
public import OCI

/// An OCI image layout, in a folder or in a tar archive (OCI image specification 1.1, image-layout.md).
///
/// Blobs are found by their digest, so that no name from a document ever becomes part of a path.
public struct LayoutSource: ImageSource {
    /// The reference it was opened by.
    public let name: String
    private let files: any LayoutFiles
    private let top: ImageDocument

    /// Opens `oci:DIR[:TAG]`.
    public init(folder: String, tag: String?) throws(TransportError) {
        try self.init(FolderFiles(path: folder), tag: tag, name: "oci:\(folder)" + (tag.map { ":\($0)" } ?? ""))
    }

    /// Opens `oci-archive:FILE[:TAG]`.
    public init(archive: String, tag: String?) throws(TransportError) {
        let index = try TarIndex(opening: archive)
        try self.init(
            ArchiveFiles(index: index),
            tag: tag,
            name: "oci-archive:\(archive)" + (tag.map { ":\($0)" } ?? "")
        )
    }

    init(_ files: any LayoutFiles, tag: String?, name: String) throws(TransportError) {
        self.files = files
        self.name = name
        let bytes = try files.bytes(of: "index.json", limit: ImageDocument.largestSize)
        let document = ImageDocument(mediaType: MediaType.imageIndex, bytes: bytes)
        let index = try document.index()
        if tag == nil, index.manifests.count > 1, Self.isOneImage(index) {
            top = document
        } else {
            let chosen = try Self.choose(tag, from: index.manifests, place: name)
            top = try Self.document(chosen, files)
        }
    }

    /// One of the images of a layout that is open.
    init(_ files: any LayoutFiles, top: ImageDocument, name: String) {
        self.files = files
        self.top = top
        self.name = name
    }

    /// The chosen manifest or index.
    public func root() -> ImageDocument { top }

    /// Opens a blob.
    public func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        try files.open(descriptor)
    }

    static func document(
        _ descriptor: Descriptor,
        _ files: any LayoutFiles
    ) throws(TransportError) -> ImageDocument {
        guard descriptor.size >= 0, descriptor.size <= ImageDocument.largestSize else {
            throw .tooLarge(
                what: "blob \(descriptor.digest.short)",
                size: descriptor.size,
                limit: ImageDocument.largestSize
            )
        }
        let stream = BlobStream(
            try files.open(descriptor),
            what: "blob \(descriptor.digest.short)",
            size: descriptor.size,
            digest: descriptor.digest
        )
        return ImageDocument(mediaType: descriptor.mediaType, bytes: try stream.readAll(), digest: descriptor.digest)
    }

    // Some builders list the platforms of their one image at the top, without a tag and without an index between.
    private static func isOneImage(_ index: ImageIndex) -> Bool {
        index.manifests.allSatisfy { $0.platform != nil && $0.annotations?[Annotation.referenceName] == nil }
    }

    private static func choose(
        _ tag: String?,
        from all: [Descriptor],
        place: String
    ) throws(TransportError) -> Descriptor {
        let candidates = all.filter { descriptor in
            guard let tag else { return true }
            return descriptor.annotations?[Annotation.referenceName] == tag || descriptor.digest.description == tag
        }
        guard let first = candidates.first else {
            throw .notFound(what: tag.map { "image '\($0)'" } ?? "image", place: place)
        }
        guard candidates.allSatisfy({ $0.digest == first.digest }) else {
            throw .ambiguous(
                place: place,
                choices: candidates.map { $0.annotations?[Annotation.referenceName] ?? $0.digest.description }
            )
        }
        return first
    }
}

/// Where a layout's files are.
protocol LayoutFiles: Sendable {
    /// A small file at the layout's top.
    func bytes(of name: String, limit: Int64) throws(TransportError) -> [UInt8]
    /// A blob.
    func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader
}

/// A layout in a folder.
struct FolderFiles: LayoutFiles {
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
