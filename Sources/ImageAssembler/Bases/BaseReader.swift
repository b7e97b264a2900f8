import Archive
import ArtifactStore
import ContentAddress
import ImageFileSystem
import ImageTransport
import OCI

/// Reads the file system of a base image out of its layers: names and metadata, and the bytes of a few small files.
struct BaseReader {
    private let store: Store
    /// What the files hold that a build may look into, by where they are.
    private(set) var texts: [FileContent: [UInt8]] = [:]

    init(store: Store) {
        self.store = store
    }

    /// The files whose bytes are kept: users and groups, and what the programs that make them go by.
    private static let keptNames: Set = [
        "etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/login.defs", "etc/default/useradd",
    ]
    /// A larger file isn't kept, in bytes.
    private static let largestText: Int64 = 1 << 20

    /// More names than this aren't read: an image from outside must not take all memory.
    private static let largestCount = 2_000_000

    /// Reads layers, lowest first.
    ///
    /// Each is hashed and compared with its diffID. Where engines would show different files, the result says so
    /// (``BaseFiles/disputes``).
    mutating func read(
        _ layers: [(descriptor: Descriptor, diffID: Digest)],
        _ name: String
    ) throws(PlanProblem.Kind) -> BaseFiles {
        var limits = FileTree.Limits()
        limits.names = Self.largestCount
        let tree = FileTree(limits: limits)
        let budget = WorkBudget()
        let references = layers.map { LayerReference(descriptor: $0.descriptor, diffID: $0.diffID) }
        for (number, reference) in references.enumerated() {
            do {
                try apply(reference, number, to: tree, budget)
            } catch {
                throw .failed("a layer of the base image '\(name)': \(error)")
            }
        }
        return BaseFiles(tree, of: references)
    }

    private mutating func apply(
        _ layer: LayerReference,
        _ number: Int,
        to tree: FileTree,
        _ budget: WorkBudget
    ) throws {
        var isFull = false
        let application = LayerApplication(tree: tree, layer: number, budget: budget) { event in
            if case .refused(_, .limit) = event { isFull = true }
        }
        var reader = TarReader(appliesGlobalHeaders: false)
        var entry: TarEntry?
        var text: (content: FileContent, bytes: [UInt8])?
        var isUnclear = false
        let isElsewhere = try layer.stream(in: store, budget: budget) { piece throws(AssemblerError) in
            var rest = piece
            do {
                while let event = try reader.next(&rest) {
                    switch event {
                    case .entry(let next):
                        entry = next
                        text = Self.isKept(next) ? (next.content(in: layer), []) : nil
                    case .content(let piece): text?.bytes += piece
                    case .endOfEntry:
                        if let text = text.take() { texts[text.content] = text.bytes }
                        // What a file holds isn't looked at; where it lies tells two of them apart.
                        if let entry = entry.take() { application.apply(entry, digest: nil, head: []) }
                    case .globalHeader(let records): isUnclear = isUnclear || records.changingKey != nil
                    case .hole, .endOfArchive: break
                    }
                }
                try reader.count(in: budget)
                if reader.isAtEnd { isUnclear = isUnclear || rest.contains { $0 != 0 } }
            } catch {
                throw .layer(layer.descriptor.digest, "\(error)")
            }
            guard !isFull else { throw .layer(layer.descriptor.digest, "it has too many entries") }
        }
        do { try reader.finish() } catch { throw AssemblerError.layer(layer.descriptor.digest, "\(error)") }
        application.finish()
        if isUnclear || isElsewhere { tree.disputeEverything() }
    }

    private static func isKept(_ entry: TarEntry) -> Bool {
        entry.kind == .file && entry.size <= largestText && entry.extents == nil
            && keptNames.contains(StageTree.clean(String(decoding: entry.path, as: UTF8.self)))
    }
}

extension TarEntry {
    /// Where the content of the entry of a layer is.
    fileprivate func content(in layer: LayerReference) -> FileContent {
        .member(layer: layer, offset: contentOffset, size: size)
    }
}
