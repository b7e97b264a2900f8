import Archive
import ArtifactStore
import ContentAddress
import ImageFileSystem
import ImageTransport
import OCI
import Release

/// One platform's image after its layers have passed: the tree, and what was seen on the way.
final class PlatformImage {
    let manifestDigest: Digest
    private(set) var configDigest: Digest
    private(set) var platform = "unknown"
    private(set) var parsedPlatform: Platform?
    private(set) var execution: ImageConfig.Execution?
    /// The manifest's annotations, and those of its layers' descriptors.
    private(set) var annotations: [String: String] = [:]
    /// What annotations of layers and records of contexts say of files.
    private(set) var claims: [FileClaim] = []
    /// The recipes in the layers' annotations, or the digests of long ones.
    private(set) var recipes: [(layer: Int, text: String)] = []
    /// What of the files was copied out of known bases.
    var copies: [BaseCopy] = []
    private(set) var diffIDs: [Digest] = []
    private(set) var layers: [LayerFacts] = []
    private(set) var findings: [Finding] = []
    /// What keeps the image from a verdict, whether or not the list of findings has room for it.
    private(set) var doubts: Doubt = []
    /// Contents that lower layers brought and later ones replaced or removed, with the layer that did, in order.
    private(set) var hidden: [(path: FilePath, old: Inode, layer: Int)] = []
    private(set) var tree: FileTree

    /// Streams all layers of a manifest; `programs` looks into the programs that pass.
    ///
    /// What is wrong in the image becomes a finding; the machine's failures are thrown.
    init(
        _ document: ImageDocument,
        of source: any ImageSource,
        options: AuditOptions,
        programs: ProgramCapture? = nil
    ) throws(TransportError) {
        manifestDigest = document.digest
        configDigest = document.digest
        tree = FileTree(limits: options.tree)
        do throws(TransportError) {
            try read(document, source, options, programs)
        } catch {
            guard error.isFault else { throw error }
            add(Finding(error.findingCode, "\(error)"))
        }
    }

    /// An image whose layers passed earlier.
    init(
        manifest: Digest,
        config: Digest,
        platform: String,
        isPlatformKnown: Bool,
        execution: ImageConfig.Execution?,
        annotations: [String: String],
        claims: [FileClaim],
        diffIDs: [Digest],
        layers: [LayerFacts],
        findings: [Finding],
        doubts: Doubt,
        tree: FileTree,
        hidden: [(path: FilePath, old: Inode, layer: Int)],
        touched: [(path: FilePath, oldLayer: Int, layer: Int)]
    ) {
        manifestDigest = manifest
        configDigest = config
        self.platform = platform
        parsedPlatform = isPlatformKnown ? try? Platform(parsing: platform) : nil
        self.execution = execution
        self.annotations = annotations
        self.claims = claims
        self.diffIDs = diffIDs
        self.layers = layers
        self.findings = findings
        self.doubts = doubts
        self.tree = tree
        self.hidden = hidden
        self.touched = touched
    }

    private func read(
        _ document: ImageDocument,
        _ source: any ImageSource,
        _ options: AuditOptions,
        _ programs: ProgramCapture?
    ) throws(TransportError) {
        let manifest = try document.manifest()
        configDigest = manifest.config.digest
        let configDocument = try source.document(manifest.config)
        let config = try configDocument.config()
        execution = config.config
        if SOCIIndex.isNamed(by: manifest) { add(Finding(.notRead, SOCIIndex.words)) }
        annotations = manifest.annotations ?? [:]
        diffIDs = config.rootfs.diffIDs
        claims = FileClaim.recipes(of: manifest.layers)
        recipes = manifest.layers.enumerated().compactMap { number, layer in
            layer.annotations?[Annotation.layerRecipe].map { (number, $0) }
        }
        parsedPlatform = try? config.platform
        platform = parsedPlatform?.description ?? "\(config.os)/\(config.architecture)"
        guard diffIDs.count == manifest.layers.count else {
            add(
                Finding(
                    .layerCount,
                    "the manifest has \(manifest.layers.count) layers, the config \(diffIDs.count)",
                    found: "\(manifest.layers.count)",
                    expected: "\(diffIDs.count)"
                )
            )
            return
        }
        programs?.firstLayer = KnownBase.below(diffIDs, among: options.bases)?.diffIDs.count ?? 0
        let walk = LayerWalk(
            tree: tree,
            budget: options.budget ?? WorkBudget(bytes: options.largestSize),
            programs: programs,
            progress: options.progress
        )
        for (number, (layer, diffID)) in zip(manifest.layers, diffIDs).enumerated() {
            do throws(TransportError) {
                try read(layer, number, diffID, source, walk)
                if isFull {
                    forget(options)
                    return
                }
            } catch {
                guard error.isFault else { throw error }
                add(Finding(error.findingCode, layer: number, "\(error)"))
                // What was read until a budget was spent is no image's file system, and costs more to look at.
                if case .spent = error { forget(options) }
                // What lies above a damaged layer can't be judged without it.
                return
            }
        }
    }

    /// Whether the tree took no more names.
    private var isFull = false

    /// Whether nothing is known of its files, since a budget was spent.
    var isCutShort: Bool { doubts.contains(.incomplete) && tree.count == 0 }

    private func forget(_ options: AuditOptions) {
        tree = FileTree(limits: options.tree)
        hidden = []
        touched = []
    }

    private func read(
        _ layer: Descriptor,
        _ number: Int,
        _ diffID: Digest,
        _ source: any ImageSource,
        _ walk: LayerWalk
    ) throws(TransportError) {
        let stream = LayerStream(of: source, layer, diffID: diffID, budget: walk.budget)
        let name = "layer \(layer.digest.short)"
        let outcome = try walk.walk(stream, layer: number, name: name) { [self] event in
            note(event, in: number, walk.budget)
        }
        layers.append(
            LayerFacts(
                digest: layer.digest,
                diffID: diffID,
                size: layer.size,
                uncompressedSize: outcome.size,
                compression: outcome.compression,
                entryCount: outcome.entryCount
            )
        )
        let check = LayerTableCheck(
            source: source,
            layer: layer,
            number: number,
            diffID: diffID,
            budget: walk.budget
        )
        for finding in try check.findings(tail: stream.tail) { add(finding) }
        if let declared = Compression(mediaType: layer.mediaType), declared != outcome.compression {
            add(
                Finding(
                    .compression,
                    layer: number,
                    "the media type says \(declared.rawValue), the bytes are \(outcome.compression.rawValue)",
                    found: outcome.compression.rawValue,
                    expected: declared.rawValue
                )
            )
        }
        if outcome.hasTrailer {
            add(Finding(.trailer, layer: number, "bytes other than zeros follow the archive's end"))
        }
        if outcome.hasTellingGlobalHeader {
            add(
                Finding(.globalHeader, layer: number, "a global header sets a path, a link target or a size")
            )
            add(
                Finding(
                    .readingsDiffer,
                    layer: number,
                    "container engines pass global headers over, other readers of tar archives apply them"
                )
            )
        }
    }

    // A damaged or hostile layer can give rise to a finding for each of its entries: enough is enough.
    private static let largestFindingCount = 1000

    private func note(_ event: LayerEvent, in layer: Int, _ budget: WorkBudget) {
        switch event {
        case .replaced(let path, let old, _), .removed(let path, let old): note(path, old, in: layer, budget)
        case .duplicate(let path, let isHarmless):
            add(Finding(.duplicate, layer: layer, path: path, "the last of several entries counts"))
            guard !isHarmless else { return }
            differ(path, layer, "an engine that takes the image shows the last of several entries, others refuse it")
        case .refused(let path, .outside):
            add(Finding(.outside, layer: layer, path: path, "the entry's path leads out of the root"))
        case .refused(let path, .limit):
            isFull = true
            add(Finding(.limit, layer: layer, path: path, "the image has more names than are read, or deeper folders"))
        case .refused(let path, let reason):
            add(Finding(.refused, layer: layer, path: path, reason.words))
        case .oddWhiteout(let path, let reason): add(Finding(.whiteout, layer: layer, path: path, reason))
        case .implied(let path, let inode):
            let mode = String(inode.mode, radix: 8)
            add(
                Finding(
                    .engineMetadata,
                    layer: layer,
                    path: path,
                    "lower layers give it mode \(mode) and owner \(inode.uid):\(inode.gid); this one has things in it and no "
                        + "entry for it, so that Docker gives it 755 and 0:0",
                    found: mode
                )
            )
        case .odd(let path, let oddities):
            let words = oddities.words.joined(separator: "; ")
            differ(path, layer, "readers of tar archives differ in what they make of the entry: \(words)")
        case .reserved(let path, let attribute):
            let name = String(decoding: attribute, as: UTF8.self)
            add(Finding(.reservedAttribute, layer: layer, path: path, "it has the attribute \(name)", found: name))
        case .differs(let difference):
            differ(
                difference.path,
                layer,
                "engines that unpack all layers into one directory show \(difference.flat); engines that stack layers "
                    + "show \(difference.stacked)"
            )
        }
    }

    private func differ(_ path: FilePath, _ layer: Int, _ message: String) {
        add(Finding(.readingsDiffer, layer: layer, path: path, message))
    }

    // Of what a layer replaces or removes, so much is remembered as the budget has memory for.
    private func note(_ path: FilePath, _ old: Inode, in layer: Int, _ budget: WorkBudget) {
        guard old.kind != .directory else { return }
        guard (try? budget.take(Int64(Self.hiddenCost + 8 * path.components.count), .memory)) != nil else { return }
        if old.kind == .file, old.digest != nil { hidden.append((path, old, layer)) }
        touched.append((path, old.layer, layer))
    }

    // A path, its inode, and a place in each of two lists, in bytes.
    private static let hiddenCost = 320

    /// For each pair of layers so many are kept in a record: what is said of a touched base names no more.
    static let touchedCount = 100

    /// Everything but folders that a later layer took away or replaced.
    private(set) var touched: [(path: FilePath, oldLayer: Int, layer: Int)] = []

    private func add(_ finding: Finding) {
        let isNews = !doubts.isSuperset(of: finding.code.doubt)
        doubts.formUnion(finding.code.doubt)
        if findings.count < Self.largestFindingCount || isNews { findings.append(finding) }
    }
}

extension LayerEvent.Refusal {
    var words: String {
        switch self {
        case .outside: "its path leads out of the root"
        case .parent: "a folder of its path is no folder"
        case .links: "there are more than 40 symbolic links on its path"
        case .link(let target):
            "its hard link leads to '\(String(decoding: target, as: UTF8.self))', which is no file of the image"
        case .type(let flag): "no engine makes entries of type \(flag)"
        case .limit: "there are too many names"
        }
    }
}

extension Compression {
    /// What a layer's media type promises; nil for types that promise nothing.
    init?(mediaType: String) {
        switch mediaType {
        case MediaType.layer, MediaType.dockerLayer: self = .none
        case MediaType.layerGzip, MediaType.dockerLayerGzip: self = .gzip
        case MediaType.layerZstd: self = .zstd
        default: return nil
        }
    }
}

extension TransportError {
    /// Whether it is the image that is wrong, in contrast to the machine.
    var isFault: Bool {
        if case .notFound = self { return true }
        return isIntegrity
    }

    var findingCode: FindingCode {
        switch self {
        case .tooLarge, .spent: .limit
        case .ambiguousDocument: .ambiguousDocument
        case .ambiguousContainer: .ambiguousContainer
        case .notFound: .notRead
        default: .damaged
        }
    }
}
