import Archive
import ArtifactStore
import ContentAddress
import ImageFileSystem
import ImageTransport
import OCI
import Printable
import Release

/// Streams the layers of one platform's image into a tree.
final class ImageScanner {
    private let source: any ImageSource
    private let options: AuditOptions
    private let programs: ProgramCapture?
    private let budget: WorkBudget
    private var image: ScannedImage
    // Whether the tree took no more names.
    private var isFull = false

    /// The image of a manifest; `programs` looks into the programs that pass.
    ///
    /// What is wrong in the image becomes a finding; the machine's failures are thrown.
    static func scan(
        _ document: ImageDocument,
        of source: any ImageSource,
        options: AuditOptions,
        programs: ProgramCapture? = nil
    ) throws(TransportError) -> ScannedImage {
        let scanner = ImageScanner(document.digest, source, options, programs)
        do throws(TransportError) {
            try scanner.read(document)
        } catch {
            guard error.isFault else { throw error }
            scanner.image.add(Finding(error.findingCode, "\(error)"))
        }
        return scanner.image
    }

    private init(
        _ manifest: Digest,
        _ source: any ImageSource,
        _ options: AuditOptions,
        _ programs: ProgramCapture?
    ) {
        self.source = source
        self.options = options
        self.programs = programs
        budget = options.budget ?? WorkBudget(bytes: options.largestSize)
        image = ScannedImage(manifest: manifest, tree: FileTree(limits: options.tree, budget: budget))
    }

    private func read(_ document: ImageDocument) throws(TransportError) {
        let manifest = try document.manifest()
        image.configDigest = manifest.config.digest
        let configDocument = try source.document(manifest.config)
        // What members cost to decode, bytes alone don't tell.
        do {
            try budget.take(Int64(configDocument.bytes.count) / Self.documentBytesPerStep, .steps)
        } catch {
            throw .spent(what: "the image config \(manifest.config.digest.short)", error)
        }
        let config = try configDocument.config()
        if !MediaType.standsForConfig(manifest.config.mediaType) {
            let message =
                "the config has the media type \(manifest.config.mediaType): some engines run the image, to others it is an artifact"
            image.add(Finding(.ambiguousDocument, message, found: manifest.config.mediaType))
        }
        image.execution = config.config
        if let lines = config.config?.labels?[Annotation.allowedRun] {
            let message =
                "its label says that the engine ran or fetched something by these lines of the Dockerfile: \(lines.prefix(256))"
            image.add(Finding(.allowedRun, message, found: lines))
        }
        if let drafts = manifest.annotations?[Annotation.drafts] ?? config.config?.labels?[Annotation.drafts] {
            image.add(Finding(.draft, "it says that it was made of drafts: \(drafts.prefix(256))", found: drafts))
        }
        if try SOCIIndex.isBeside(manifest, document.digest, in: source) {
            image.add(Finding(.notRead, SOCIIndex.words))
        }
        image.annotations = manifest.annotations ?? [:]
        for finding in RuntimeInstructions.findings(manifest.annotations, config.config) { image.add(finding) }
        image.diffIDs = config.rootfs.diffIDs
        image.claims = FileClaim.recipes(of: manifest.layers)
        image.recipes = manifest.layers.enumerated().compactMap { number, layer in
            layer.annotations?[Annotation.layerRecipe].map { (number, $0) }
        }
        image.parsedPlatform = try? config.platform
        image.namesVariant = config.variant?.isEmpty == false
        image.platform = image.parsedPlatform?.description ?? ScannedImage.platform(of: config)
        let diffIDs = image.diffIDs
        guard diffIDs.count == manifest.layers.count else {
            image.add(
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
            tree: image.tree,
            budget: budget,
            programs: programs,
            contents: options.contents,
            progress: options.progress
        )
        for (number, (layer, diffID)) in zip(manifest.layers, diffIDs).enumerated() {
            do throws(TransportError) {
                try read(layer, number, diffID, walk)
                if isFull {
                    image.forget(limits: options.tree)
                    return
                }
            } catch {
                guard error.isFault else { throw error }
                image.add(Finding(error.findingCode, layer: number, "\(error)"))
                // What was read until a budget was spent isn't an image's file system, and costs more to look at.
                if case .spent = error { image.forget(limits: options.tree) }
                // What lies above a damaged layer can't be known without it.
                return
            }
        }
        do throws(WorkBudget.Spent) {
            try budget.take(Int64(image.tree.count) * Self.listedCost, .memory)
        } catch {
            let error = TransportError.spent(what: "the list of its files", error)
            image.add(Finding(error.findingCode, "\(error)"))
            image.forget(limits: options.tree)
        }
    }

    // What a name takes beside its place in the tree, in bytes: in the lists of files, in the record, in the report.
    private static let listedCost: Int64 = 768

    private func read(
        _ layer: Descriptor,
        _ number: Int,
        _ diffID: Digest,
        _ walk: LayerWalk
    ) throws(TransportError) {
        let outcome = try outcome(of: layer, number, diffID, walk)
        image.layers.append(
            LayerFacts(
                digest: layer.digest,
                diffID: diffID,
                size: layer.size,
                uncompressedSize: outcome.size,
                compression: outcome.compression,
                entryCount: outcome.entryCount
            )
        )
        if let declared = Compression(mediaType: layer.mediaType), declared != outcome.compression {
            image.add(
                Finding(
                    .compression,
                    layer: number,
                    "the media type says \(declared.rawValue), the bytes are \(outcome.compression.rawValue)",
                    found: outcome.compression.rawValue,
                    expected: declared.rawValue
                )
            )
        }
        for reason in LayerAcceleration.reasons(layer) { image.add(Finding(.notRead, layer: number, reason)) }
        if outcome.hasUnclearStart {
            image.add(
                Finding(
                    .readingsDiffer,
                    layer: number,
                    "the layer begins in two ways: some engines decompress it, others read it as an archive"
                )
            )
        }
        if outcome.hasTrailer {
            image.add(Finding(.trailer, layer: number, "bytes other than zeros follow the archive's end"))
        }
        if outcome.hasTellingGlobalHeader {
            image.add(
                Finding(.globalHeader, layer: number, "a global header sets a path, a size, an owner or an attribute")
            )
            image.add(
                Finding(
                    .readingsDiffer,
                    layer: number,
                    "container engines pass global headers over, other readers of tar archives apply them"
                )
            )
        }
    }

    // From what was read of it before, where that is the same.
    private func outcome(
        of layer: Descriptor,
        _ number: Int,
        _ diffID: Digest,
        _ walk: LayerWalk
    ) throws(TransportError) -> LayerWalk.Outcome {
        guard let readings = options.readings, options.contents == nil else {
            return try stream(layer, number, diffID, walk).outcome
        }
        let key = LayerReading.Key(blob: layer.digest, diffID: diffID)
        if let known = readings.begin(key) {
            let replay = LayerReplay(source: source, layer: layer, key: key, readings: readings, walk: walk)
            let isSame = try replay.apply(known, number) { [self] event in note(event, in: number, walk.budget) }
            if isSame { return known.outcome }
            // It knows too little of the programs, or a table of contents leads elsewhere.
            let (outcome, reading) = try stream(layer, number, diffID, walk)
            if let reading {
                readings.end(key, reading)
                readings.keep(reading, key)
            }
            return outcome
        }
        var found: LayerReading?
        defer { readings.end(key, found) }
        let result = try stream(layer, number, diffID, walk)
        found = result.reading
        if let found { readings.keep(found, key) }
        return result.outcome
    }

    private func stream(
        _ layer: Descriptor,
        _ number: Int,
        _ diffID: Digest,
        _ walk: LayerWalk
    ) throws(TransportError) -> (outcome: LayerWalk.Outcome, reading: LayerReading?) {
        let stream = LayerStream(of: source, layer, diffID: diffID, budget: walk.budget)
        let name = "layer \(layer.digest.short)"
        var recorder = options.readings.map { _ in LayerRecorder() }
        let outcome = try walk.walk(stream, layer: number, name: name, recorder: &recorder) { [self] event in
            note(event, in: number, walk.budget)
        }
        let check = LayerTableCheck(
            source: source,
            layer: layer,
            number: number,
            diffID: diffID,
            budget: walk.budget
        )
        for finding in try check.findings(tail: stream.tail) { image.add(finding) }
        guard let recorder, !recorder.isFull else { return (outcome, nil) }
        let reading = LayerReading(
            size: layer.size,
            outcome: outcome,
            tail: stream.tail,
            programs: recorder.programs,
            packedItems: recorder.packedItems,
            packedCandidates: recorder.packedCandidates
        )
        return (outcome, options.readings?.knowing(stream.file, reading))
    }

    private func note(_ event: LayerEvent, in layer: Int, _ budget: WorkBudget) {
        switch event {
        case .replaced(let path, let old, let new): note(path, old, by: new, in: layer, budget)
        case .removed(let path, let old): note(path, old, by: nil, in: layer, budget)
        case .duplicate(let path, let isHarmless):
            image.add(Finding(.duplicate, layer: layer, path: path, "the last of several entries counts"))
            guard !isHarmless else { return }
            differ(path, layer, "an engine that takes the image shows the last of several entries, others refuse it")
        case .refused(let path, .outside):
            image.add(Finding(.outside, layer: layer, path: path, "the entry's path leads out of the root"))
        case .refused(let path, .limit):
            isFull = true
            image.add(
                Finding(
                    .limit,
                    layer: layer,
                    path: path,
                    "the image has more names than are read, or deeper directories"
                )
            )
        case .refused(let path, let reason):
            image.add(Finding(.refused, layer: layer, path: path, reason.words))
        case .oddWhiteout(let path, let reason): image.add(Finding(.whiteout, layer: layer, path: path, reason))
        case .implied(let path, let inode):
            let mode = FileMode.text(inode.mode)
            image.add(
                Finding(
                    .engineMetadata,
                    layer: layer,
                    path: path,
                    "lower layers give it mode \(mode) and owner \(inode.uid):\(inode.gid); this one has things in it and no "
                        + "entry for it, so that Docker gives it 755 and 0:0",
                    found: mode
                )
            )
        case .inherited(let path):
            image.add(
                Finding(
                    .engineMetadata,
                    layer: layer,
                    path: path,
                    "no entry describes it: some engines give it its parent's set-group-id bit, owner, group, or leave for "
                        + "others to write, and others none of them"
                )
            )
        case .narrowed(let path, let old, let new):
            let (old, new) = (FileMode.text(old), FileMode.text(new))
            image.add(
                Finding(
                    .engineMetadata,
                    layer: layer,
                    path: path,
                    "the hard link has mode \(new), its file \(old): most engines show \(new) for both, umoci \(old)",
                    found: new,
                    expected: old
                )
            )
        case .odd(let path, let oddities):
            let words = oddities.words.joined(separator: "; ")
            differ(path, layer, "readers of tar archives differ in what they make of the entry: \(words)")
        case .reserved(let path, let attribute):
            let name = String(decoding: attribute, as: UTF8.self)
            image.add(
                Finding(.reservedAttribute, layer: layer, path: path, "it has the attribute \(name)", found: name)
            )
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
        image.add(Finding(.readingsDiffer, layer: layer, path: path, message))
    }

    private static let documentBytesPerStep: Int64 = 2

    // Of what a layer replaces or removes, so much is remembered as the budget has memory for. What goes with a directory
    // is told by itself.
    private func note(_ path: FilePath, _ old: Inode, by new: Inode?, in layer: Int, _ budget: WorkBudget) {
        guard old.kind != .directory || new?.kind == .directory else { return }
        guard (try? budget.take(Int64(Self.hiddenCost + 8 * path.components.count), .memory)) != nil else { return }
        if old.kind == .file, old.digest != nil { image.hidden.append((path, old, layer)) }
        image.touched.append((path, old.layer, layer))
    }

    // A path, its inode, and a place in each of two lists, in bytes.
    private static let hiddenCost = 320
}
