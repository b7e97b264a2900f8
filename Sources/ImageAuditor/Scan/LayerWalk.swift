import Archive
import ContentAddress
import ImageFileSystem
import ImageTransport

/// Streams layers into a tree, hashing each file as it passes.
struct LayerWalk {
    /// What is known of a layer once it has passed.
    struct Outcome: Sendable {
        /// How it is stored, as its first bytes say.
        let compression: Compression
        /// Its uncompressed size.
        let size: Int64
        /// Its entries.
        let entryCount: Int
        /// Whether other bytes than zeros follow the archive's end.
        let hasTrailer: Bool
        /// Whether its first bytes are Zstandard to some engines, and an archive to others.
        let hasUnclearStart: Bool
        /// Global PAX headers that would change entries for readers that honour them.
        let hasTellingGlobalHeader: Bool
    }

    let tree: FileTree
    let budget: WorkBudget
    let progress: (Int64) -> Void
    let programs: ProgramCapture?
    let contents: ContentRecord?

    init(
        tree: FileTree,
        budget: WorkBudget,
        programs: ProgramCapture? = nil,
        contents: ContentRecord? = nil,
        progress: @escaping (Int64) -> Void = { _ in }
    ) {
        self.programs = programs
        self.contents = contents
        self.tree = tree
        self.progress = progress
        self.budget = budget
    }

    /// Applies a layer; the recorder, where there is one, keeps what is read.
    ///
    /// Throws what is wrong with its bytes, or that the budget is spent; the tree has the entries before that then.
    func walk(
        _ stream: LayerStream,
        layer: Int,
        name: String,
        recorder: inout LayerRecorder?,
        report: @escaping (LayerEvent) -> Void
    ) throws(TransportError) -> Outcome {
        let application = LayerApplication(tree: tree, layer: layer, budget: budget, report: report)
        var reader = TarReader(appliesGlobalHeaders: false)
        var entry: TarEntry?
        var content = ContentReader([])
        let listener = contents?.listener()
        var entryCount = 0
        var holes: Int64 = 0
        var hasTrailer = false
        var hasTellingGlobalHeader = false
        while let bytes = try stream.next() {
            progress(Int64(bytes.count))
            var input = bytes
            while let event = try next(&reader, &input, name) {
                switch event {
                case .entry(let found):
                    entry = found
                    entryCount += 1
                    holes = 0
                    content = ContentReader(found.path)
                    listener?.begin(found)
                    programs?.begin(found, layer: layer)
                case .content(let piece):
                    content.take(piece)
                    listener?.take(piece)
                    try programs?.take(piece)
                    try count(kept: Int64(piece.count), name)
                case .hole(let count):
                    do { try budget.take(count, .bytes) } catch { throw .spent(what: name, error) }
                    holes &+= count
                    content.takeZeros(count)
                    listener?.takeZeros(count)
                    try programs?.skip(count)
                    try self.count(kept: count, name)
                case .endOfEntry:
                    guard let found = entry.take() else { continue }
                    guard found.kind == .file else {
                        recorder?.add(found, digest: nil, head: [], holes: holes)
                        application.apply(found, digest: nil, head: [])
                        try check(application, name)
                        continue
                    }
                    let (digest, head) = content.finish()
                    listener?.finish(digest)
                    content = ContentReader([])
                    recorder?.add(found, digest: digest, head: head, holes: holes)
                    if let program = try programs?.finish(digest, budget, name) { recorder?.add(program, digest) }
                    application.apply(found, digest: digest, head: head)
                    try check(application, name)
                case .globalHeader(let records):
                    if records.changingKey != nil { hasTellingGlobalHeader = true }
                case .endOfArchive: break
                }
            }
            do { try reader.count(in: budget) } catch { throw .spent(what: name, error) }
            if reader.isAtEnd, !hasTrailer { hasTrailer = input.contains { $0 != 0 } }
        }
        do { try reader.finish() } catch { throw .archive(what: name, error) }
        listener?.close()
        application.finish()
        try check(application, name)
        return Outcome(
            compression: stream.compression,
            size: stream.uncompressedCount,
            entryCount: entryCount,
            hasTrailer: hasTrailer,
            hasUnclearStart: stream.hasUnclearStart,
            hasTellingGlobalHeader: hasTellingGlobalHeader
        )
    }

    // What is kept of a program is read once more, and compared with released ones.
    private func count(kept bytes: Int64, _ name: String) throws(TransportError) {
        guard let programs, programs.isKeeping else { return }
        do { try budget.take(bytes / Self.keptBytesPerStep, .steps) } catch { throw .spent(what: name, error) }
    }

    static let keptBytesPerStep: Int64 = 64

    func check(_ application: LayerApplication, _ name: String) throws(TransportError) {
        if application.isSpent, let spent = budget.spent { throw .spent(what: name, spent) }
    }

    private func next(
        _ reader: inout TarReader,
        _ input: inout UnsafeRawBufferPointer,
        _ name: String
    ) throws(TransportError) -> TarEvent? {
        do { return try reader.next(&input) } catch { throw .archive(what: name, error) }
    }
}
