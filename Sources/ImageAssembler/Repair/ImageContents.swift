import Archive
import ContentAddress
import ImageTransport
import OCI

/// What is in an image, for whoever looks for lost bytes.
enum ImageContents {
    /// A source that doesn't have what was looked for.
    struct Exhausted: Error {}

    /// A manifest with its own bytes.
    struct Manifest {
        let document: ImageDocument
        let manifest: ImageManifest
    }

    /// The manifests of an image or of each platform of an index; those that can't be read are left out.
    static func manifests(of source: any ImageSource) -> [Manifest] {
        guard let root = try? source.root() else { return [] }
        let documents: [ImageDocument] =
            if MediaType.isIndex(root.mediaType), let index = try? root.index() {
                index.manifests.compactMap { try? source.document($0) }
            } else {
                [root]
            }
        return documents.compactMap { document in
            (try? document.manifest()).map { Manifest(document: document, manifest: $0) }
        }
    }

    /// Where in a layer's uncompressed bytes the files of a size and digest begin.
    static func files(
        of layer: Descriptor,
        in source: any ImageSource,
        digest: Digest,
        size: Int64,
        budget: WorkBudget = WorkBudget()
    ) throws -> [Int64] {
        var places: [Int64] = []
        var hasher: DigestHasher?
        var start: Int64 = 0
        var reader = TarReader()
        let stream = LayerStream(of: source, layer, diffID: nil, budget: budget)
        while var bytes = try stream.next() {
            while let event = try reader.next(&bytes) {
                switch event {
                case .entry(let entry):
                    // Sparse files aren't written by any engine that puts released files into images.
                    let isCandidate = entry.kind == .file && entry.size == size && entry.extents == nil
                    hasher = isCandidate ? DigestHasher() : nil
                    start = entry.contentOffset
                case .content(let piece): hasher?.update(piece)
                case .endOfEntry:
                    if hasher.take()?.finalize() == digest { places.append(start) }
                case .hole, .globalHeader, .endOfArchive: break
                }
            }
            try reader.count(in: budget)
            if reader.isAtEnd || !places.isEmpty { break }
        }
        return places
    }

    /// Copies the bytes of a file in a layer.
    static func copyFile(
        _ start: Int64,
        size: Int64,
        of layer: Descriptor,
        in source: any ImageSource,
        to sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var position: Int64 = 0
        let stream = LayerStream(of: source, layer, diffID: nil)
        while position < start + size, let bytes = try stream.next() {
            let from = max(start - position, 0)
            let to = min(start + size - position, Int64(bytes.count))
            if from < to { try sink(UnsafeRawBufferPointer(rebasing: bytes[Int(from)..<Int(to)])) }
            position += Int64(bytes.count)
        }
    }
}
