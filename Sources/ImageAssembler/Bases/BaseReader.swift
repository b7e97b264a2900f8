import Archive
import ArtifactStore
import ContentAddress
import ImageFileSystem
import ImageTransport
import OCI

/// Reads the file system of a base image out of its layers: names and metadata, and the bytes of a few small files.
struct BaseTree {
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
    /// Each is hashed and compared with its diffID. Where engines would show different files, the tree says so
    /// (``FileTree/disputes``).
    mutating func read(
        _ layers: [(descriptor: Descriptor, diffID: Digest)],
        _ name: String
    ) throws(PlanProblem.Kind) -> FileTree {
        var limits = ImageFileSystem.FileTree.Limits()
        limits.names = Self.largestCount
        let tree = ImageFileSystem.FileTree(limits: limits)
        let budget = WorkBudget()
        let references = layers.map { LayerReference(descriptor: $0.descriptor, diffID: $0.diffID) }
        for (number, reference) in references.enumerated() {
            do {
                try apply(reference, number, to: tree, budget)
            } catch {
                throw .failed("a layer of the base image '\(name)': \(error)")
            }
        }
        return FileTree(tree, of: references)
    }

    private mutating func apply(
        _ layer: LayerReference,
        _ number: Int,
        to tree: ImageFileSystem.FileTree,
        _ budget: WorkBudget
    ) throws {
        var isFull = false
        let application = LayerApplication(tree: tree, layer: number, budget: budget) { event in
            if case .refused(_, .limit) = event { isFull = true }
        }
        var reader = TarReader(appliesGlobalHeaders: false)
        var entry: TarEntry?
        var text: (content: FileContent, bytes: [UInt8])?
        try layer.stream(in: store, budget: budget) { piece throws(AssemblerError) in
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
                    default: break
                    }
                }
            } catch {
                throw .layer(layer.descriptor.digest, "\(error)")
            }
            guard !isFull else { throw .layer(layer.descriptor.digest, "it has too many entries") }
        }
        do { try reader.finish() } catch { throw AssemblerError.layer(layer.descriptor.digest, "\(error)") }
        application.finish()
    }

    private static func isKept(_ entry: TarEntry) -> Bool {
        entry.kind == .file && entry.size <= largestText && entry.extents == nil
            && keptNames.contains(FileTree.clean(String(decoding: entry.path, as: UTF8.self)))
    }
}

extension TarEntry {
    /// Where the content of the entry of a layer is.
    fileprivate func content(in layer: LayerReference) -> FileContent {
        .member(layer: layer, offset: contentOffset, size: size)
    }
}

extension FileTree {
    /// The tree of an image whose layers have been read.
    init(_ tree: ImageFileSystem.FileTree, of layers: [LayerReference]) {
        self.init()
        var stack = [(node: tree.root, path: "")]
        while let (node, path) = stack.popLast() {
            for child in node.sortedChildren {
                let name = String(decoding: child.name, as: UTF8.self)
                let place = Self.join(path, name)
                // Names here are text, and two texts are one when they show the same characters.
                guard name.utf8.elementsEqual(child.name), self[place] == nil else {
                    disputes.append(
                        Dispute(
                            path: place,
                            isReading: false,
                            reason: "a name isn't UTF-8, or is another one's in other bytes"
                        )
                    )
                    continue
                }
                self[place] = FileNode(child.inode, of: layers)
                stack.append((child, place))
            }
        }
        for path in tree.disputes.paths.sorted() {
            disputes.append(
                Dispute(
                    path: String(path.description.dropFirst()),
                    isReading: true,
                    reason: "engines differ in what they show (`bindery audit` says how)"
                )
            )
        }
        forgetChanges()
    }
}

extension FileNode {
    /// What an image has at a name.
    init(_ inode: Inode, of layers: [LayerReference]) {
        let kind: Kind =
            switch inode.kind {
            case .directory: .directory
            case .symbolicLink: .link(String(decoding: inode.target, as: UTF8.self))
            case .pipe: .pipe
            case .characterDevice, .blockDevice:
                .device(
                    isBlock: inode.kind == .blockDevice,
                    major: UInt32(truncatingIfNeeded: inode.device.major),
                    minor: UInt32(truncatingIfNeeded: inode.device.minor)
                )
            case .file:
                .file(.member(layer: layers[inode.layer], offset: inode.contentOffset, size: inode.size))
            }
        self.init(kind: kind, mode: UInt16(truncatingIfNeeded: inode.mode & 0o7777))
        owner = Owner(uid: UInt32(truncatingIfNeeded: inode.uid), gid: UInt32(truncatingIfNeeded: inode.gid))
        modified = inode.modified
        for (key, value) in inode.extendedAttributes {
            extendedAttributes[String(decoding: key, as: UTF8.self)] = value
        }
    }
}
