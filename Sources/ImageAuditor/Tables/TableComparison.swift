import Archive
import ContentAddress
import ImageFileSystem
import Printable

/// Compares a table of contents with the archive that it stands for, while the archive passes.
struct TableComparison: ~Copyable {
    /// A name of which the two say different things, or only one says anything.
    struct Difference {
        let path: FilePath
        let reason: String
    }

    private let table: TableOfContents
    private var unseen: Set<FilePath>
    private(set) var differences: [Difference] = []
    private var current: (path: FilePath, entry: TableOfContents.Entry, chunk: Int, rest: Int64)?
    private var hasher = DigestHasher()
    private var hasOnlyZeros = true

    /// So many show that a table lies.
    private static let largestCount = 20

    init(_ table: TableOfContents) {
        self.table = table
        unseen = Set(table.entries.keys)
    }

    mutating func begin(_ entry: TarEntry) {
        current = nil
        // An entry that leads out of the root is refused by whoever reads the archive.
        guard let path = FilePath(entry.path) else { return differ(FilePath(clamping: entry.path), "it leads out") }
        // The table of an eStargz is the last file of its own archive, and isn't in itself.
        if table.format == .eStargz, path.components == [TableOfContents.stargzName] { return }
        guard let said = table.entries[path] else { return differ(path, "the table of contents lacks it") }
        // The second entry of a name is compared like the first; engines differ in which one counts.
        unseen.remove(path)
        if let reason = Self.difference(said, entry) { return differ(path, "the table of contents has \(reason)") }
        guard entry.kind == .file else { return }
        hasher = DigestHasher()
        hasOnlyZeros = true
        current = (path, said, 0, said.chunks.first?.count ?? 0)
    }

    /// Some of its content.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty, current != nil {
            endChunks()
            guard let left = current?.rest, left > 0 else { return }
            let count = Int(min(left, Int64(rest.count)))
            let piece = UnsafeRawBufferPointer(rebasing: rest[..<count])
            hasher.update(piece)
            if hasOnlyZeros { hasOnlyZeros = piece.allSatisfy { $0 == 0 } }
            current?.rest -= Int64(count)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// A hole in its content.
    mutating func takeZeros(_ count: Int64) {
        let zeros = [UInt8](repeating: 0, count: 64 << 10)
        var rest = count
        while rest > 0, current != nil {
            let piece = Int(min(rest, Int64(zeros.count)))
            zeros.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<piece])) }
            rest -= Int64(piece)
        }
    }

    /// The entry ends; its content has this digest.
    mutating func end(_ digest: Digest) {
        endChunks()
        guard let (path, entry, _, _) = current else { return }
        current = nil
        if let said = entry.digest {
            if said != digest.description { differ(path, "the table of contents has the digest \(said)") }
        } else if entry.size > 0, !entry.chunks.allSatisfy({ $0.digest != nil || $0.isZeros }) {
            differ(path, "the table of contents has no digest for it")
        }
    }

    /// The archive ends.
    mutating func finish() {
        for path in unseen.sorted().prefix(Self.largestCount) {
            differ(path, "only the table of contents has it")
        }
    }

    private mutating func endChunks() {
        while let (path, entry, number, rest) = current, rest == 0, number < entry.chunks.count {
            let chunk = entry.chunks[number]
            var ended = DigestHasher()
            swap(&ended, &hasher)
            let found = ended.finalize().description
            let isRight =
                if let digest = chunk.digest { digest == found } else if chunk.isZeros { hasOnlyZeros } else {
                    // Whoever reads an eStargz checks each chunk by its own digest, others the whole file's.
                    entry.chunks.count == 1 || table.format == .zstdChunked || chunk.count == 0
                }
            guard isRight else {
                differ(path, "the table of contents has other bytes at \(chunk.offset)")
                current = nil
                return
            }
            hasOnlyZeros = true
            let next = number + 1 < entry.chunks.count ? entry.chunks[number + 1].count : 0
            current = (path, entry, number + 1, next)
        }
    }

    private mutating func differ(_ path: FilePath, _ reason: String) {
        current = nil
        guard differences.count < Self.largestCount else { return }
        differences.append(Difference(path: path, reason: reason))
    }

    private static func difference(_ said: TableOfContents.Entry, _ entry: TarEntry) -> String? {
        let kind = word(entry.kind)
        guard said.kind == kind else { return "a '\(said.kind)'" }
        if entry.kind == .file, said.size != entry.size { return "the size \(said.size)" }
        if said.mode & 0o7777 != Int64(entry.mode & 0o7777) { return "the mode \(FileMode.text(said.mode))" }
        if said.uid != entry.uid || said.gid != entry.gid { return "the owner \(said.uid):\(said.gid)" }
        if said.attributes != entry.extendedAttributes { return "other attributes" }
        switch entry.kind {
        case .symbolicLink where said.link != entry.linkName: return "another link target"
        case .hardLink where FilePath(said.link) != FilePath(entry.linkName): return "another link target"
        case .characterDevice where said.device != [entry.device.major, entry.device.minor],
            .blockDevice where said.device != [entry.device.major, entry.device.minor]:
            return "another device"
        default: return nil
        }
    }

    private static func word(_ kind: TarEntry.Kind) -> String {
        switch kind {
        case .file: "reg"
        case .hardLink: "hardlink"
        case .symbolicLink: "symlink"
        case .characterDevice: "char"
        case .blockDevice: "block"
        case .directory: "dir"
        case .pipe: "fifo"
        case .other: ""
        }
    }
}
