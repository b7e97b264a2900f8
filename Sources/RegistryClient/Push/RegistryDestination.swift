package import ContentAddress
import FoundationEssentials
import HTTP
package import ImageTransport
import NIOHTTP1
package import OCI
import Synchronization

/// Writes an image to a registry (OCI distribution specification 1.1, "Push"): blobs that aren't there, then manifests,
/// the index after them, and the tag last.
package final class RegistryDestination: RemoteImageDestination {
    /// The reference it was opened by.
    package let name: String
    private let session: RegistrySession
    private let tag: Tag?
    private let known = Mutex(Known())

    private struct Known {
        var root: Digest?
        // Repositories of the same registry that may have the image's blobs.
        var others: [RepositoryName] = []
    }

    /// An image may name a base for each of its platforms: no more repositories are asked for each blob.
    private static let largestMountCount = 4

    init(_ session: RegistrySession, tag: Tag?) {
        self.session = session
        self.tag = tag
        name = session.location.description
    }

    /// How many blobs are sent at once.
    package var concurrency: Int { RegistryOptions.concurrency }

    /// Remembers which document is the last one, and from where blobs could be mounted.
    package func begin(_ image: ImageOutline, from source: any ImageSource) throws(TransportError) {
        if let digest = session.location.digest, digest != image.root.digest {
            throw .digest(what: "the image for \(name)", expected: digest, found: image.root.digest)
        }
        let host = session.location.host
        var others: [RepositoryName] = []
        if let source = source as? RegistrySource, source.session.location.host == host {
            others.append(source.session.location.repository)
        }
        let bases = image.parts.compactMap { $0.manifest.annotations?["org.opencontainers.image.base.name"] }
        for base in bases {
            if let location = try? RegistryLocation(parsing: base), location.host == host {
                others.append(location.repository)
            }
        }
        var seen: Set<RepositoryName> = [session.location.repository]
        known.withLock { known in
            known.root = image.root.digest
            known.others = Array(others.filter { seen.insert($0).inserted }.prefix(Self.largestMountCount))
        }
    }

    /// Whether the registry has the blob or manifest.
    ///
    /// True for the image's root, which is sent when it is finished.
    package func has(_ descriptor: Descriptor) throws(TransportError) -> Bool {
        guard known.withLock({ $0.root != descriptor.digest }) else { return true }
        do {
            let isDocument = Self.isDocument(descriptor)
            return try session.has(
                (isDocument ? "manifests/" : "blobs/") + "\(descriptor.digest)",
                size: descriptor.size,
                what: (isDocument ? "manifest " : "blob ") + descriptor.digest.short
            )
        } catch {
            throw error.transport
        }
    }

    /// Sends a blob that can be read once: it isn't sent again when the transfer breaks off.
    package func add(_ blob: BlobStream, _ descriptor: Descriptor) throws(TransportError) {
        let once = Once(blob)
        try add(descriptor, progress: { _ in }) { () throws(TransportError) in try once.take() }
    }

    /// Sends a blob or manifest.
    package func add(
        _ descriptor: Descriptor,
        progress: @escaping @Sendable (Int64) -> Void,
        opening: @escaping @Sendable () throws(TransportError) -> BlobStream
    ) throws(TransportError) {
        do throws(RegistryError) {
            if Self.isDocument(descriptor) {
                let bytes: [UInt8]
                do throws(TransportError) {
                    guard descriptor.size <= ImageDocument.largestSize else {
                        throw TransportError.tooLarge(
                            what: "manifest \(descriptor.digest.short)",
                            size: descriptor.size,
                            limit: ImageDocument.largestSize
                        )
                    }
                    bytes = try opening().readAll()
                } catch {
                    throw .source(error)
                }
                _ = try put(bytes, descriptor.mediaType, descriptor.digest, at: "\(descriptor.digest)")
            } else {
                let others = known.withLock { $0.others }
                try BlobUpload(session, descriptor, from: others, opening: opening, progress: progress).run()
            }
        } catch {
            throw error.transport
        }
    }

    package var takesReferrers: Bool { true }

    /// Sends a referrer; a registry that doesn't list it gets the tag that stands for the list.
    package func attach(_ referrer: ImageOutline, to subject: Digest, by tag: CosignTag?) throws(TransportError) {
        let root = referrer.root
        let descriptor = try root.referrerDescriptor()
        let namesSubject = try root.subject() != nil
        do {
            if let tag { _ = try put(root.bytes, root.mediaType, root.digest, at: tag.text) }
            guard namesSubject else { return }
            let answer = try put(root.bytes, root.mediaType, root.digest, at: "\(root.digest)")
            guard answer.field("OCI-Subject") == nil else { return }
            try ReferrersTag(of: subject, in: session).add(descriptor) { bytes throws(RegistryError) in
                _ = try put(bytes, MediaType.imageIndex, .of(bytes), at: ReferrersTag.name(of: subject))
            }
        } catch {
            throw error.transport
        }
    }

    /// Sends the root by its digest, or under its tag.
    package func finish(_ image: ImageOutline) throws(TransportError) {
        let root = image.root
        let place = tag?.text ?? (session.location.digest == nil ? "latest" : "\(root.digest)")
        do {
            _ = try put(root.bytes, root.mediaType, root.digest, at: place)
        } catch {
            throw error.transport
        }
    }

    private func put(
        _ bytes: [UInt8],
        _ mediaType: String,
        _ digest: Digest,
        at place: String
    ) throws(RegistryError) -> HTTPAnswer {
        var call = HTTPCall(method: .PUT, url: try url("manifests/\(place)"), body: .bytes(bytes))
        call.headers.add(name: "Content-Type", value: mediaType)
        let what = "manifest \(digest.short)" + (place.hasPrefix("sha256:") ? "" : " under the tag \(place)")
        let answer = try session.perform(RegistryRequest(what: what, call: call))
        guard (200..<300).contains(answer.status) else { throw session.refusal(answer, what, isSent: true) }
        if let text = answer.field("Docker-Content-Digest"), let found = try? Digest(parsing: text), found != digest {
            throw .digest(what: "\(what), as \(session.location.host) has it,", expected: digest, found: found)
        }
        answer.drain()
        return answer
    }

    private func url(_ path: String) throws(RegistryError) -> URL {
        guard let url = session.url(path) else { throw .reference(path, rule: "it is damaged") }
        return url
    }

    private static func isDocument(_ descriptor: Descriptor) -> Bool {
        MediaType.isManifest(descriptor.mediaType) || MediaType.isIndex(descriptor.mediaType)
    }

    // Handed out once; only one thread at a time asks.
    private final class Once: @unchecked Sendable {
        private var blob: BlobStream?

        init(_ blob: BlobStream) { self.blob = blob }

        func take() throws(TransportError) -> BlobStream {
            guard let blob else { throw .registry("the transfer broke off, and what was sent can't be read again") }
            self.blob = nil
            return blob
        }
    }
}
