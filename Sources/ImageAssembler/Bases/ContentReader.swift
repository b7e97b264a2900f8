import Archive
import ArtifactStore
import ContentAddress
import SystemIO

/// Looks into files while a build is planned.
struct ContentReader {
    let store: Store
    let bases: BaseImages

    /// As much of `/etc/passwd` or `/etc/group` as is read.
    private static let longestText: Int64 = 1 << 20

    /// A small file as text.
    func text(_ content: FileContent) throws(PlanProblem.Kind) -> String {
        String(decoding: try head(content, limit: Self.longestText), as: UTF8.self)
    }

    /// Whether a file is a tar archive, compressed or not, as `ADD` looks at it: its first header counts.
    func isArchive(_ content: FileContent) throws(PlanProblem.Kind) -> Bool {
        let bytes = try head(content, limit: 64 << 10)
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

    private func head(_ content: FileContent, limit: Int64) throws(PlanProblem.Kind) -> [UInt8] {
        do {
            switch content {
            case .text(_, let bytes): return Array(bytes.prefix(Int(limit)))
            case .blob(let digest, _): return try store.opened(digest).readBytes(limit: Int(limit))
            case .member(let layer, let offset, let size):
                if let bytes = bases.text(content) { return Array(bytes.prefix(Int(limit))) }
                let end = offset + min(size, limit)
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
