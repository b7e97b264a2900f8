import Archive
import ArtifactStore
import ContentAddress
import OCI
import SystemIO

/// What builds look into, out of a store; each base is read once.
struct StoreInputs: BuildInputs {
    private let store: Store
    private let bases: BaseImages

    init(store: Store) {
        self.store = store
        bases = BaseImages(store: store)
    }

    func base(_ name: String, for platform: Platform) throws(PlanProblem.Kind) -> BaseImage {
        try bases.find(name, platform)
    }

    /// Whether a file is a tar archive, compressed or not, as `ADD` looks at it: its first header counts.
    func isArchive(_ content: FileContent) throws(PlanProblem.Kind) -> Bool {
        let bytes = try self.bytes(of: content, limit: 64 << 10)
        guard !bytes.isEmpty else { return false }
        return bytes.withUnsafeBytes { bytes in
            guard var decompressor = try? Decompressor(Compression(detecting: bytes.prefix(Compression.prefixLength)))
            else { return false }
            var input = bytes
            var first = [UInt8](repeating: 0, count: 4096)
            let count = first.withUnsafeMutableBytes { (try? decompressor.decompress(&input, into: $0)) ?? 0 }
            guard count >= TarWriter.blockSize else { return false }
            return first.withUnsafeBytes { first in
                var reader = TarReader()
                var rest = UnsafeRawBufferPointer(rebasing: first[..<count])
                guard let event = try? reader.next(&rest) else { return false }
                if case .entry = event { return true }
                return false
            }
        }
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
