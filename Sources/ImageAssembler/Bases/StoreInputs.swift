import Archive
import ArtifactStore
import ContentAddress
import OCI
import SystemIO

/// What builds look into, out of a store; each base and archive is read once.
struct StoreInputs: BuildInputs {
    private let store: Store
    private let bases: BaseImages
    private let archives = Archives()

    /// The archives that were looked into, by digest; nil for what isn't one.
    private final class Archives {
        var known: [Digest: UnpackedArchive?] = [:]
    }

    init(store: Store) {
        self.store = store
        bases = BaseImages(store: store)
    }

    func base(_ name: String, for platform: Platform) throws(PlanProblem.Kind) -> BaseImage {
        try bases.find(name, platform)
    }

    func archive(_ content: FileContent, named name: String) throws(PlanProblem.Kind) -> UnpackedArchive? {
        guard case .blob(let digest, let size) = content else { return nil }
        if let known = archives.known[digest] { return known }
        let archive = try ArchiveReader(store: store, name: name).read(digest, size: size)
        archives.known[digest] = .some(archive)
        return archive
    }

    func bytes(of content: FileContent, limit: Int) throws(PlanProblem.Kind) -> [UInt8] {
        do {
            switch content {
            case .text(_, let bytes): return Array(bytes.prefix(limit))
            case .blob(let digest, _): return try store.opened(digest).readBytes(limit: limit)
            case .member(let layer, let offset, let size):
                if let bytes = bases.text(content) { return Array(bytes.prefix(limit)) }
                let end = offset + min(size, Int64(limit))
                var bytes: [UInt8] = []
                var position: Int64 = 0
                try layer.stream(in: store) { piece in
                    let start = max(offset - position, 0)
                    let stop = min(end - position, Int64(piece.count))
                    if start < stop { bytes += piece[Int(start)..<Int(stop)] }
                    position += Int64(piece.count)
                }
                return bytes
            }
        } catch {
            throw .failed("\(error)")
        }
    }
}
