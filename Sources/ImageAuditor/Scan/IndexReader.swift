import ContentAddress
import ImageTransport
import JSON
import OCI

/// Reads an index, and those in it, to the images that it leads to.
struct IndexReader {
    private var reading = IndexReading()
    private let source: any ImageSource
    private let platform: Platform?
    private var offered: [String] = []
    // Members that aren't images, and those that an archive names and doesn't have.
    private var others = 0
    private var absent: [String] = []

    // Indexes in indexes are allowed, but nobody nests them deeper than this, nor has so many members.
    private static let largestDepth = 4
    private static let largestCount = 256

    /// What a top document leads to.
    ///
    /// Throws ``AuditError/noSuchPlatform(_:reference:choices:)`` where nothing is for the platform that is asked for.
    static func read(
        _ root: ImageDocument,
        of source: any ImageSource,
        platform: Platform?
    ) throws -> IndexReading {
        var reader = IndexReader(source: source, platform: platform)
        reader.reading.documents = [root.digest]
        for ambiguity in source.notes.ambiguities { reader.add(ambiguity, nil) }
        if MediaType.isIndex(root.mediaType) {
            try reader.read(root)
        } else {
            try reader.checkImage(root)
            reader.reading.images = [IndexReading.Child(document: root, claimed: nil)]
            reader.reading.members = [IndexReading.Member(manifest: root.digest, claimed: nil)]
        }
        var rest = source.notes.further.map { (descriptor: $0, depth: 1) }
        try reader.follow(&rest)
        reader.noteOthers()
        let reading = reader.reading
        if let platform, reading.images.isEmpty, reading.findings.doubts.isEmpty {
            throw AuditError.noSuchPlatform("\(platform)", reference: source.name, choices: reader.offered)
        }
        return reading
    }

    /// Whether a manifest is not an image, for which ``read(_:of:platform:)`` throws.
    static func isArtifact(_ document: ImageDocument, of source: any ImageSource) -> Bool {
        guard MediaType.isManifest(document.mediaType) else { return false }
        do { try IndexReader(source: source, platform: nil).checkImage(document) } catch { return error is AuditError }
        return false
    }

    private init(source: any ImageSource, platform: Platform?) {
        self.source = source
        self.platform = platform
    }

    private mutating func read(_ root: ImageDocument) throws {
        var queue: [(descriptor: Descriptor, depth: Int)] = []
        do throws(TransportError) {
            queue = try readMembers(of: root).map { ($0, 0) }
        } catch {
            guard error.isFault else { throw error }
            return add(error, nil)
        }
        try follow(&queue)
    }

    // An engine that reads further digests may choose from the members that are named by them.
    private mutating func readMembers(of document: ImageDocument) throws(TransportError) -> [Descriptor] {
        let index = try document.index()
        reading.findings += RuntimeInstructions.findings(index.annotations, of: "index")
        // One that says it is for another platform is nobody's choice here.
        let sought = index.foreignMembers.filter { member in
            guard let platform, let own = member.platform else { return true }
            return own == platform
        }
        for member in sought.prefix(8) {
            reading.findings.append(
                Finding(.notRead, platform: member.platform.map { "\($0)" }, "the index: \(member)")
            )
        }
        return index.manifests
    }

    // In the order of the indexes, each member's own members after it.
    private mutating func follow(_ queue: inout [(descriptor: Descriptor, depth: Int)]) throws {
        queue.reverse()
        while let (descriptor, depth) = queue.popLast() {
            if let own = descriptor.platform, !own.isNowhere {
                offered.append("\(own)")
                if let platform, own != platform {
                    offer(descriptor)
                    continue
                }
            }
            guard reading.images.count + queue.count + others + reading.attestationCount < Self.largestCount,
                depth < Self.largestDepth
            else {
                return reading.findings.append(
                    Finding(.limit, "the index has more than \(Self.largestCount) members, or indexes in indexes")
                )
            }
            do throws(TransportError) {
                if MediaType.isIndex(descriptor.mediaType) {
                    let document = try source.document(descriptor)
                    reading.documents.append(document.digest)
                    queue += try readMembers(of: document).reversed().map { ($0, depth + 1) }
                } else {
                    try readMember(descriptor)
                }
            } catch {
                guard error.isFault else { throw error }
                if case .notFound = error, source.notes.absent.contains(descriptor.digest) {
                    // The archive's verdict is about what it has; its record doesn't speak for the whole index.
                    if descriptor.platform?.isNowhere != true { offer(descriptor) }
                    absent.append(descriptor.platform.map { "\($0)" } ?? descriptor.digest.short)
                } else {
                    offer(descriptor)
                    add(error, descriptor.platform)
                }
            }
        }
    }

    private mutating func readMember(_ descriptor: Descriptor) throws(TransportError) {
        let isSomewhere = descriptor.platform.map { !$0.isNowhere } ?? descriptor.hasPartialPlatform
        guard MediaType.isManifest(descriptor.mediaType) else {
            guard isSomewhere || MediaType.isOldManifest(descriptor.mediaType) else {
                guard mayBeImage(descriptor) else {
                    others += 1
                    return
                }
                offer(descriptor)
                let words =
                    "a member of the index without a platform, of the type '\(descriptor.mediaType)', is a manifest or isn't "
                    + "there: some engines don't go by the type"
                return reading.findings.append(Finding(.notRead, words))
            }
            offer(descriptor)
            reading.findings.append(
                Finding(
                    .notRead,
                    platform: descriptor.platform.map { "\($0)" },
                    "a \(descriptor.mediaType) of the index isn't read: convert it to a current manifest"
                )
            )
            return
        }
        let document = try source.document(descriptor)
        reading.documents.append(document.digest)
        if let manifest = try? document.manifest(), SOCIIndex.isIndex(manifest) {
            others += 1
            if isSomewhere { offer(descriptor) }
            return reading.findings.append(Finding(.notRead, SOCIIndex.words))
        }
        if !isSomewhere {
            let manifest = try document.manifest()
            if descriptor.platform?.isNowhere == true, manifest.isStatement {
                reading.attestationCount += 1
                return
            }
            // Engines on containers/image run one without a platform, and don't look at the type of a Docker manifest's config.
            let isDocker = descriptor.platform == nil && descriptor.mediaType == MediaType.dockerManifest
            guard isDocker ? true : try isImage(manifest) else {
                others += 1
                return
            }
        }
        reading.images.append(IndexReading.Child(document: document, claimed: descriptor.platform))
        offer(descriptor)
    }

    private mutating func offer(_ descriptor: Descriptor) {
        reading.members.append(
            IndexReading.Member(manifest: descriptor.digest, claimed: descriptor.platform.map { "\($0)" })
        )
    }

    // Where no member has their platform, engines on containers/image take the first one that has none, and look at its
    // blob alone. What can be read in two ways may be a manifest, too, and what isn't there may come later.
    private func mayBeImage(_ descriptor: Descriptor) -> Bool {
        guard descriptor.platform == nil else { return false }
        let document: ImageDocument
        do throws(TransportError) {
            document = try source.document(descriptor)
        } catch {
            guard case .notFound = error else { return false }
            return !source.notes.absent.contains(descriptor.digest)
        }
        guard document.bytes.first(where: { !Self.blanks.contains($0) }) == UInt8(ascii: "{") else { return false }
        guard let json = try? JSONDocument(document.bytes), json.irregularities.isEmpty else { return true }
        return json.value.members.contains { Self.manifestMembers.contains($0.name.lowercased()) }
    }

    // And the bytes of a byte order mark.
    private static let blanks = Set(" \t\r\n".utf8).union([0xEF, 0xBB, 0xBF])
    private static let manifestMembers: Set = ["schemaversion", "config", "layers", "manifests", "fslayers"]

    private func isImage(_ manifest: ImageManifest) throws(TransportError) -> Bool {
        if MediaType.isConfig(manifest.config.mediaType) { return true }
        return try hasPlatform(manifest.config)
    }

    private static let emptyObject = Digest.of(Array("{}".utf8))

    // A document that can't be read, or in two ways, gets its verdict as an image.
    private func checkImage(_ document: ImageDocument) throws {
        guard let manifest = try? document.manifest(), (try? isImage(manifest)) == false else { return }
        throw AuditError.artifact(source.name, type: manifest.artifactType ?? manifest.config.mediaType)
    }

    // Engines read a config whatever its media type says; that of most artifacts is an empty object.
    private func hasPlatform(_ config: Descriptor) throws(TransportError) -> Bool {
        struct Claim: Decodable {
            let os: String?
            let architecture: String?
        }
        guard config.digest != Self.emptyObject else { return false }
        let document = try source.document(config)
        do throws(OCIError) {
            let claim = try DocumentReading<Claim>(document.bytes, as: .config, what: "a config")
            return claim.ambiguity != nil || (claim.value.os ?? "") + (claim.value.architecture ?? "") != ""
        } catch {
            // Not JSON, or with other types: nothing that runs.
            return false
        }
    }

    private mutating func add(_ error: TransportError, _ platform: Platform?) {
        let words = platform.map { "the image for \($0): \(error)" } ?? "\(error)"
        reading.findings.append(Finding(error.findingCode, platform: platform.map { "\($0)" }, words))
    }

    private mutating func noteOthers() {
        if others > 0 {
            let words =
                others == 1 ? "a member of the index isn't an image" : "\(others) members of the index aren't images"
            reading.findings.append(Finding(.passedOver, words))
        }
        if !absent.isEmpty {
            let list = absent.prefix(8).joined(separator: ", ") + (absent.count > 8 ? ", …" : "")
            reading.findings.append(
                Finding(.passedOver, "the archive names members that aren't in it: \(list)", found: list)
            )
        }
    }
}

extension Platform {
    /// What stands in an index for members that are for no platform.
    fileprivate var isNowhere: Bool { os == "unknown" && architecture == "unknown" }
}

extension ImageManifest {
    /// Whether it holds statements about another member and nothing else, as BuildKit stores them.
    fileprivate var isStatement: Bool {
        !layers.isEmpty && layers.allSatisfy { $0.mediaType == MediaType.statement }
    }
}
