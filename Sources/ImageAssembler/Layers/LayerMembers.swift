import Archive
import ArtifactStore
import Glibc
import ImageTransport
import OCI
import SystemIO

extension LayerReference {
    /// Hands out all of the layer's uncompressed bytes, in pieces; blob and diffID are checked while they pass.
    ///
    /// Returns whether some engines take other bytes for the layer's.
    @discardableResult
    func stream(
        in store: Store,
        budget: WorkBudget? = nil,
        _ sink: (UnsafeRawBufferPointer) throws(AssemblerError) -> Void
    ) throws(AssemblerError) -> Bool {
        let stream = LayerStream(in: store, descriptor, diffID: diffID, budget: budget)
        while let piece = try next(of: stream) { try sink(piece) }
        return stream.hasUnclearStart || !LayerAcceleration.reasons(descriptor).isEmpty
    }

    private func next(of stream: LayerStream) throws(AssemblerError) -> UnsafeRawBufferPointer? {
        do {
            return try stream.next()
        } catch {
            switch error {
            case .system(let error): throw .system(error)
            case .digest(_, diffID, let found): throw .layer(descriptor.digest, "it unpacks to \(found)")
            default: throw .layer(descriptor.digest, "\(error)")
            }
        }
    }
}

/// The files that layers to be made take out of layers of images, read in one pass over each of those.
///
/// They stand one behind the other in a file without a name. May be used from several threads.
final class LayerMembers: Sendable {
    private struct Place: Hashable {
        let layer: LayerReference
        let offset: Int64
    }

    private let spool: StagedFile
    private let positions: [Place: Int64]

    /// Reads what some layers take, out of a store.
    ///
    /// `directory` is where the file goes. Nil when they take nothing.
    init?(of plans: [LayerPlan], in store: Store, directory: String) throws(AssemblerError) {
        var wanted: [LayerReference: [Int64: Int64]] = [:]
        for case .file(.member(let layer, let offset, let size)) in plans.flatMap(\.entries).map(\.node.kind) {
            guard offset >= 0 else { throw .layer(layer.descriptor.digest, "a sparse file of it can't be copied") }
            wanted[layer, default: [:]][offset] = size
        }
        guard !wanted.isEmpty else { return nil }
        let spool = try Self.file(in: directory)
        var positions: [Place: Int64] = [:]
        var end: Int64 = 0
        for (layer, members) in wanted {
            var rest = members.sorted { $0.key < $1.key }[...]
            for (offset, size) in rest {
                positions[Place(layer: layer, offset: offset)] = end
                end += size
            }
            var start: Int64 = 0
            try layer.stream(in: store) { piece throws(AssemblerError) in
                let next = start + Int64(piece.count)
                while let (offset, size) = rest.first, offset < next {
                    let from = max(offset, start)
                    let to = min(offset + size, next)
                    if from < to, let position = positions[Place(layer: layer, offset: offset)] {
                        let part = UnsafeRawBufferPointer(rebasing: piece[Int(from - start)..<Int(to - start)])
                        try system { () throws(SystemError) in
                            try spool.file.write(part, at: position + from - offset)
                        }
                    }
                    guard offset + size <= next else { break }
                    rest.removeFirst()
                }
                start = next
            }
            guard rest.isEmpty else { throw .layer(layer.descriptor.digest, "it ends within a file") }
        }
        self.spool = spool
        self.positions = positions
    }

    private static func file(in directory: String) throws(AssemblerError) -> StagedFile {
        do {
            return try StagedFile.create(in: directory)
        } catch {
            throw .system(error)
        }
    }

    /// Hands out a file's bytes, in pieces.
    func read(
        _ layer: LayerReference,
        offset: Int64,
        size: Int64,
        _ sink: (UnsafeRawBufferPointer) throws(AssemblerError) -> Void
    ) throws(AssemblerError) {
        guard var position = positions[Place(layer: layer, offset: offset)] else {
            throw .layer(layer.descriptor.digest, "a file of it wasn't read")
        }
        let passed = try ReadBuffer().pass(
            atMost: size,
            from: { bytes throws(AssemblerError) in
                try system { () throws(SystemError) in try spool.file.read(into: bytes, at: position) }
            },
            to: { bytes throws(AssemblerError) in
                try sink(bytes)
                position += Int64(bytes.count)
            }
        )
        guard passed == size else { throw .system(SystemError(call: "read", path: "a spooled file", code: EIO)) }
    }
}
