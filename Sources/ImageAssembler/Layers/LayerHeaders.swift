import Archive
import ContentAddress
import Printable

/// Reads what a foreign layer says of its files, with the digests of their bytes, while the layer is hashed.
struct LayerHeaders: ~Copyable {
    /// A file, in the words of a recipe.
    struct Entry {
        let path: String
        var fields: [String: JSONValue]
    }

    private let budget: WorkBudget
    private var reader = TarReader()
    private var layer = DigestHasher()
    private var content: DigestHasher?
    private var entries: [Entry] = []

    /// What reading and keeping the headers costs is counted in a budget.
    init(budget: WorkBudget) {
        self.budget = budget
    }

    /// Takes the next bytes of the uncompressed tar.
    ///
    /// Throws ``Archive/TarError``, or ``Archive/WorkBudget/Spent`` beyond the budget.
    mutating func add(_ bytes: UnsafeRawBufferPointer) throws {
        layer.update(bytes)
        var rest = bytes
        while !reader.isAtEnd, let event = try reader.next(&rest) {
            switch event {
            case .entry(let entry):
                entries.append(Self.entry(entry))
                try budget.take(entry.cost, .memory)
                content = entry.kind == .file ? DigestHasher() : nil
            case .content(let piece): content?.update(piece)
            case .endOfEntry:
                if let digest = content.take()?.finalize(), !entries.isEmpty {
                    entries[entries.count - 1].fields["digest"] = .string(digest.description)
                }
            case .hole, .globalHeader, .endOfArchive: break
            }
        }
        try reader.count(in: budget)
    }

    /// The tar's digest, and its entries in their order.
    consuming func finish() -> (Digest, [Entry]) {
        let entries = entries
        return (layer.finalize(), entries)
    }

    private static func entry(_ entry: TarEntry) -> Entry {
        var fields: [String: JSONValue] = [
            "mode": .string(FileMode.text(entry.mode)),
            "uid": .int(entry.uid), "gid": .int(entry.gid), "time": .int(entry.modified),
        ]
        switch entry.kind {
        case .file:
            fields["type"] = "file"
            fields["size"] = .int(entry.size)
        case .directory: fields["type"] = "directory"
        case .symbolicLink:
            fields["type"] = "symlink"
            fields["target"] = .string(String(decoding: entry.linkName, as: UTF8.self))
        case .pipe: fields["type"] = "fifo"
        case .characterDevice: fields["type"] = "character"
        case .blockDevice: fields["type"] = "block"
        case .hardLink, .other: fields["type"] = "other"
        }
        return Entry(path: StageTree.clean(String(decoding: entry.path, as: UTF8.self)), fields: fields)
    }
}
