import ContentAddress
import ImageTransport
import OCI

/// The images that a top document leads to: itself, or the manifests of an index, and what an archive has beside it.
///
/// Every member is read. Passed over is only what no engine runs: what has neither a real platform nor an image's media
/// type or config, and statements about other members; they are counted.
struct IndexReading {
    /// One image, and the platform that the index offers it for.
    struct Child {
        let document: ImageDocument
        let claimed: Platform?
    }

    /// A manifest that the index offers, and for which platform.
    struct Member: Codable, Hashable, Sendable {
        let manifest: Digest
        let claimed: String?
    }

    private(set) var images: [Child] = []
    /// All that the index offers, whether or not it was asked for; what wasn't read of an index in it stands for itself.
    private(set) var members: [Member] = []
    /// The documents that were read to find them.
    private(set) var documents: [Digest]
    private(set) var attestationCount = 0
    private(set) var findings: [Finding] = []

    private let source: any ImageSource
    private let platform: Platform?
    private var offered: [String] = []
    // Members that are no images, and those that an archive names and hasn't got.
    private var others = 0
    private var absent: [String] = []

    // Indexes in indexes are allowed, but nobody nests them deeper than this, nor has so many members.
    private static let largestDepth = 4
    private static let largestCount = 256

    init(_ root: ImageDocument, _ source: any ImageSource, platform: Platform?) throws {
        self.source = source
        self.platform = platform
        documents = [root.digest]
        for ambiguity in source.notes.ambiguities { add(ambiguity, nil) }
        if MediaType.isIndex(root.mediaType) {
            try read(root)
        } else {
            images = [Child(document: root, claimed: nil)]
            members = [Member(manifest: root.digest, claimed: nil)]
        }
        var rest = source.notes.further.map { (descriptor: $0, depth: 1) }
        try follow(&rest)
        noteOthers()
        if let platform, images.isEmpty, findings.doubts.isEmpty {
            throw AuditError.noSuchPlatform("\(platform)", reference: source.name, choices: offered)
        }
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
        for member in index.foreignMembers.prefix(8) {
            findings.append(Finding(.notRead, platform: member.platform.map { "\($0)" }, "the index: \(member)"))
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
            guard images.count + queue.count + others + attestationCount < Self.largestCount, depth < Self.largestDepth
            else {
                return findings.append(
                    Finding(.limit, "the index has more than \(Self.largestCount) members, or indexes in indexes")
                )
            }
            do throws(TransportError) {
                if MediaType.isIndex(descriptor.mediaType) {
                    let document = try source.document(descriptor)
                    documents.append(document.digest)
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
        let isSomewhere = descriptor.platform.map { !$0.isNowhere } ?? false
        guard MediaType.isManifest(descriptor.mediaType) else {
            guard isSomewhere || MediaType.isOldManifest(descriptor.mediaType) else {
                others += 1
                return
            }
            offer(descriptor)
            findings.append(
                Finding(
                    .notRead,
                    platform: descriptor.platform.map { "\($0)" },
                    "a \(descriptor.mediaType) of the index isn't read: convert it to a current manifest"
                )
            )
            return
        }
        let document = try source.document(descriptor)
        documents.append(document.digest)
        if !isSomewhere {
            let manifest = try document.manifest()
            if descriptor.platform?.isNowhere == true, manifest.isStatement {
                attestationCount += 1
                return
            }
            if SOCIIndex.isIndex(manifest) {
                others += 1
                return findings.append(Finding(.notRead, SOCIIndex.words))
            }
            let isImage =
                if MediaType.isConfig(manifest.config.mediaType) { true } else { try hasPlatform(manifest.config) }
            guard isImage else {
                others += 1
                return
            }
        }
        images.append(Child(document: document, claimed: descriptor.platform))
        offer(descriptor)
    }

    private mutating func offer(_ descriptor: Descriptor) {
        members.append(Member(manifest: descriptor.digest, claimed: descriptor.platform.map { "\($0)" }))
    }

    // Engines read a config whatever its media type says.
    private func hasPlatform(_ config: Descriptor) throws(TransportError) -> Bool {
        struct Claim: Decodable {
            let os: String?
            let architecture: String?
        }
        guard config.mediaType != MediaType.empty else { return false }
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
        findings.append(Finding(error.findingCode, platform: platform.map { "\($0)" }, words))
    }

    private mutating func noteOthers() {
        if others > 0 {
            let words =
                others == 1 ? "a member of the index is no image" : "\(others) members of the index are no images"
            findings.append(Finding(.passedOver, words))
        }
        if !absent.isEmpty {
            let list = absent.prefix(8).joined(separator: ", ") + (absent.count > 8 ? ", …" : "")
            findings.append(Finding(.passedOver, "the archive names members that aren't in it: \(list)", found: list))
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
