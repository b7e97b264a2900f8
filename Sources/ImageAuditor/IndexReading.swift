internal import ContentAddress
internal import ImageTransport
internal import OCI

/// The images that a top document leads to: itself, or the manifests of an index.
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

    // Indexes in indexes are allowed, but nobody nests them deeper than this, nor has so many platforms.
    private static let largestDepth = 4
    private static let largestCount = 256

    init(_ root: ImageDocument, _ source: any ImageSource, platform: Platform?) throws {
        documents = [root.digest]
        guard MediaType.isIndex(root.mediaType) else {
            images = [Child(document: root, claimed: nil)]
            members = [Member(manifest: root.digest, claimed: nil)]
            return
        }
        var offered: [String] = []
        var queue = [(document: root, depth: 0)]
        while let next = queue.popLast() {
            for descriptor in try next.document.index().manifests {
                if Self.isAttestation(descriptor) {
                    attestationCount += 1
                    continue
                }
                let member = Member(manifest: descriptor.digest, claimed: descriptor.platform.map { "\($0)" })
                if let own = descriptor.platform {
                    offered.append("\(own)")
                    if let platform, own != platform {
                        members.append(member)
                        continue
                    }
                }
                guard images.count + queue.count < Self.largestCount, next.depth < Self.largestDepth else {
                    findings.append(Finding(.limit, "the index has more images than are read, or indexes in indexes"))
                    return
                }
                do throws(TransportError) {
                    let document = try source.document(descriptor)
                    documents.append(document.digest)
                    if MediaType.isIndex(descriptor.mediaType) {
                        queue.append((document, next.depth + 1))
                    } else {
                        images.append(Child(document: document, claimed: descriptor.platform))
                        members.append(member)
                    }
                } catch {
                    guard error.isFault else { throw error }
                    members.append(member)
                    findings.append(Finding(.damaged, platform: descriptor.platform.map { "\($0)" }, "\(error)"))
                }
            }
        }
        if let platform, images.isEmpty, findings.isEmpty {
            throw AuditError.noSuchPlatform("\(platform)", reference: source.name, choices: offered)
        }
    }

    // BuildKit stores attestations as images of no platform, that refer to the image they speak of.
    private static func isAttestation(_ descriptor: Descriptor) -> Bool {
        descriptor.annotations?["vnd.docker.reference.type"] == "attestation-manifest"
            || (descriptor.platform?.os == "unknown" && descriptor.platform?.architecture == "unknown")
    }
}
