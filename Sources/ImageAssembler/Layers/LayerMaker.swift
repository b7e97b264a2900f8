import Archive
import ArtifactStore
import ContentAddress
import OCI
import SystemIO

/// Makes layers from their recipes: tar, hashed, compressed, hashed again and written, in one pass with bounded memory.
struct LayerMaker {
    private let store: Store
    private let batch: BlobBatch
    /// What the layers take out of other layers; nil when they take nothing.
    private let members: LayerMembers?
    /// Told of the bytes of files that went into layers.
    private let passed: @Sendable (Int64) -> Void

    /// A maker of some layers, whose files of other layers are read here.
    init(
        of plans: [LayerPlan],
        store: Store,
        batch: BlobBatch,
        passed: @escaping @Sendable (Int64) -> Void = { _ in }
    ) throws(AssemblerError) {
        self.passed = passed
        self.store = store
        self.batch = batch
        members = try LayerMembers(of: plans, in: store, directory: store.paths.staging)
    }

    /// Makes a layer, whose blob goes into the batch.
    ///
    /// Each stored blob is hashed while it is read: what doesn't have its digest doesn't get into a layer.
    func make(_ plan: LayerPlan, recipe: Digest) throws(AssemblerError) -> DerivedLayer {
        var output = try LayerOutput.begin(plan.compression, batch: batch)
        for entry in plan.entries {
            let header = entry.header
            try output.write(TarWriter.encode(header))
            if case .file(let content) = entry.node.kind {
                try write(content, to: &output)
                try output.write(TarWriter.padding(after: header.size))
            }
        }
        try output.write(TarWriter.trailer)
        return try output.finish(recipe: recipe)
    }

    private func write(_ content: FileContent, to output: inout LayerOutput) throws(AssemblerError) {
        switch content {
        case .text(_, let bytes):
            try output.write(bytes)
            passed(Int64(bytes.count))
        case .blob(let digest, let size): try write(digest, size: size, to: &output)
        case .member(let layer, let offset, let size):
            guard let members else { throw .layer(layer.descriptor.digest, "a file of it wasn't read") }
            try members.read(layer, offset: offset, size: size) { bytes throws(AssemblerError) in
                try output.write(bytes)
                passed(Int64(bytes.count))
            }
        }
    }

    private func write(_ digest: Digest, size: Int64, to output: inout LayerOutput) throws(AssemblerError) {
        let file = try store.opened(digest)
        let (found, count) = try Digest.of(
            atMost: size,
            reading: { bytes throws(AssemblerError) in
                try system { () throws(SystemError) in try file.read(into: bytes) }
            },
            passing: { bytes throws(AssemblerError) in
                try output.write(bytes)
                passed(Int64(bytes.count))
            }
        )
        guard count == size, found == digest else {
            throw .store(
                .damaged(digest: digest, path: store.paths.blob(digest), reason: "its bytes are those of \(found)")
            )
        }
    }
}

/// Where a layer's uncompressed bytes go: the diffID's hash, the compressor, and the blob behind it.
struct LayerOutput: ~Copyable {
    private var diffHasher = DigestHasher()
    private var compressor: StreamCompressor
    private var writer: BlobWriter

    private init(_ compressor: consuming StreamCompressor, _ writer: consuming BlobWriter) {
        self.compressor = compressor
        self.writer = writer
    }

    static func begin(_ compression: CompressionRecipe, batch: BlobBatch) throws(AssemblerError) -> LayerOutput {
        LayerOutput(try compressor(compression), try writer(batch))
    }

    private static func compressor(_ compression: CompressionRecipe) throws(AssemblerError) -> StreamCompressor {
        do {
            return try StreamCompressor(compression)
        } catch {
            throw .compression(error)
        }
    }

    private static func writer(_ batch: BlobBatch) throws(AssemblerError) -> BlobWriter {
        do {
            return try batch.writer()
        } catch {
            throw .store(error)
        }
    }

    mutating func write(_ bytes: [UInt8]) throws(AssemblerError) {
        let failure: AssemblerError? = bytes.withUnsafeBytes { buffer -> AssemblerError? in
            do throws(AssemblerError) {
                try write(buffer)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(AssemblerError) {
        guard !bytes.isEmpty else { return }
        diffHasher.update(bytes)
        var failure: StoreError?
        do {
            try compressor.add(bytes) { piece in Self.write(piece, to: &writer, &failure) }
        } catch {
            throw .compression(error)
        }
        if let failure { throw .store(failure) }
    }

    consuming func finish(recipe: Digest) throws(AssemblerError) -> DerivedLayer {
        var failure: StoreError?
        do {
            try compressor.finish { piece in Self.write(piece, to: &writer, &failure) }
        } catch {
            throw .compression(error)
        }
        if let failure { throw .store(failure) }
        let diffID = diffHasher.finalize()
        do {
            let (digest, size) = try writer.finish()
            return DerivedLayer(recipe: recipe, digest: digest, diffID: diffID, size: size)
        } catch {
            throw .store(error)
        }
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer,
        to writer: inout BlobWriter,
        _ failure: inout StoreError?
    ) {
        guard failure == nil else { return }
        do throws(StoreError) { try writer.write(bytes) } catch { failure = error }
    }
}
