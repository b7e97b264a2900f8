import Archive
import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Printable
import SystemIO

/// Reads the entries of a released tar archive that `ADD` unpacks, as Go's archive/tar reads them.
struct ArchiveReader {
    private let store: Store
    private let name: String
    private let budget: WorkBudget

    /// Errors call the archive by a name; an archive is read within a budget.
    init(store: Store, name: String, budget: WorkBudget = WorkBudget()) {
        self.store = store
        self.name = name
        self.budget = budget
    }

    private static let capability = Array("security.capability".utf8)
    private static let largestCount = 500_000

    /// The archive's entries; nil for a file that isn't an archive, whose first header counts as it does for `ADD`.
    func read(_ digest: Digest, size: Int64) throws(PlanProblem.Kind) -> UnpackedArchive? {
        let descriptor = Descriptor(mediaType: MediaType.layer, digest: digest, size: size)
        let stream = LayerStream(in: store, descriptor, diffID: nil, budget: budget)
        var reader = TarReader(appliesGlobalHeaders: false)
        var hasher = DigestHasher()
        var isArchive = false
        var entries: [TarEntry] = []
        do {
            while let piece = try stream.next() {
                hasher.update(piece)
                var rest = piece
                while !reader.isAtEnd, let event = try reader.next(&rest) {
                    switch event {
                    case .entry(let entry):
                        isArchive = true
                        entries.append(entry)
                        try budget.take(entry.cost, .memory)
                        guard entries.count <= Self.largestCount else {
                            throw problem("it has more than \(Self.largestCount) entries")
                        }
                    case .globalHeader: isArchive = true
                    case .content, .hole, .endOfEntry, .endOfArchive: break
                    }
                }
                try reader.count(in: budget)
                if reader.isAtEnd, !isArchive { return nil }
            }
            try reader.finish()
        } catch let error as PlanProblem.Kind {
            throw error
        } catch let error as TransportError where stream.compression != .none {
            // Its beginning may be an archive's, and that is all that engines look at.
            throw problem("\(error)")
        } catch {
            guard isArchive else { return nil }
            throw problem("\(error)")
        }
        guard isArchive else { return nil }
        let layer = LayerReference(descriptor: descriptor, diffID: hasher.finalize(), isReleased: true)
        var unpacked: [UnpackedArchive.Entry] = []
        unpacked.reserveCapacity(entries.count)
        for entry in entries { unpacked.append(try self.entry(entry, layer)) }
        return UnpackedArchive(entries: unpacked)
    }

    private func entry(_ entry: TarEntry, _ layer: LayerReference) throws(PlanProblem.Kind) -> UnpackedArchive.Entry {
        let written = try text(entry.path)
        if let oddity = entry.oddities.subtracting(.ofLayersAlone).words.first {
            throw problem("'\(written)' can be read in two ways: \(oddity)")
        }
        let path = try place(written)
        guard let uid = UInt32(exactly: entry.uid), let gid = UInt32(exactly: entry.gid) else {
            throw problem("'\(written)' belongs to \(entry.uid):\(entry.gid), which Linux has no room for")
        }
        let owner = Owner(uid: uid, gid: gid)
        let mode = UInt16(truncatingIfNeeded: entry.mode & 0o7777)
        let kind: FileNode.Kind
        switch entry.kind {
        case .hardLink:
            return UnpackedArchive.Entry(
                path: path,
                content: .hardLink(try place(try text(entry.linkName)), mode: mode, owner: owner)
            )
        case .file:
            guard entry.extents == nil else { throw problem("'\(written)' is a sparse file") }
            kind = .file(.member(layer: layer, offset: entry.contentOffset, size: entry.size))
        case .directory: kind = .directory
        case .symbolicLink: kind = .link(try text(entry.linkName))
        case .pipe: kind = .pipe
        case .characterDevice, .blockDevice:
            guard let major = UInt32(exactly: entry.device.major), let minor = UInt32(exactly: entry.device.minor),
                major <= 0xFFF, minor <= 0xF_FFFF, (major, minor) != (0, 0)
            else { throw problem("'\(written)' is a device whose numbers Linux has no room for, or a whiteout's") }
            kind = .device(isBlock: entry.kind == .blockDevice, major: major, minor: minor)
        case .other(let type): throw problem("'\(written)' is of the type \(type), which engines refuse")
        }
        var node = FileNode(kind: kind, mode: entry.kind == .symbolicLink ? 0o777 : mode, owner: owner)
        // Engines make a layer with no other attribute.
        if let value = entry.extendedAttributes[Self.capability], entry.kind == .file {
            node.extendedAttributes["security.capability"] = value
        }
        return UnpackedArchive.Entry(path: path, content: .node(node))
    }

    private func text(_ bytes: [UInt8]) throws(PlanProblem.Kind) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.utf8.elementsEqual(bytes) else { throw problem("the name '\(printable(bytes))' isn't UTF-8") }
        return text
    }

    // As filepath.Clean has it: what leads out of the archive is refused there, too.
    private func place(_ path: String) throws(PlanProblem.Kind) -> String {
        guard !PathComponents(path.utf8).leavesRoot else { throw problem("'\(path)' leads out of the archive") }
        let clean = StageTree.clean(path)
        if clean.isEmpty, path.utf8.first == UInt8(ascii: "/") { throw problem("it has an entry for '/'") }
        if StageTree.components(clean).contains(where: { $0.hasPrefix(StageTree.whiteoutPrefix) }) {
            throw problem("'\(path)' would be a whiteout in a layer, which removes files")
        }
        return clean
    }

    private func problem(_ reason: String) -> PlanProblem.Kind {
        .failed(
            "the archive '\(name.prefix(128))' can't be unpacked: \(reason); COPY takes it as it is, and `bindery put "
                + "--unpack` its files"
        )
    }
}
