package import ContentAddress
import JSON

/// What points to a blob: its media type, digest and size (OCI image specification 1.1, descriptor.md).
package struct Descriptor: Hashable, Sendable, Codable {
    /// The blob's media type, ``MediaType``.
    package var mediaType: String
    /// The blob's digest.
    package var digest: Digest
    /// The blob's size in bytes.
    ///
    /// From outside it may be any number, also below 0: check before counting with it.
    package var size: Int64
    /// For what platform the blob is, in an index.
    package var platform: Platform?
    /// Free annotations.
    package var annotations: [String: String]?
    /// The type of the artifact that the blob is the manifest of.
    package var artifactType: String?
    /// Whether the document names a processor for it, and no whole platform: some engines fill in their own system.
    package private(set) var hasPartialPlatform = false

    enum CodingKeys: String, CodingKey {
        case mediaType, digest, size, platform, annotations, artifactType
    }

    /// A descriptor from its parts.
    package init(
        mediaType: String,
        digest: Digest,
        size: Int64,
        platform: Platform? = nil,
        annotations: [String: String]? = nil,
        artifactType: String? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.platform = platform
        self.annotations = annotations
        self.artifactType = artifactType
    }
}

extension Descriptor {
    private struct PlatformParts: Decodable {
        let os: String?
        let architecture: String?
        let variant: String?

        var platform: Platform? {
            let variant = variant?.isEmpty == true ? nil : variant
            return try? Platform(os: os ?? "", architecture: architecture ?? "", variant: variant)
        }
    }

    /// Reads a descriptor; a platform that isn't one, such as `{}`, is none, and doesn't take the others of an index
    /// with it.
    package init(from decoder: any Decoder) throws {
        let members = try JSONMemberReader(decoder)
        mediaType = try members.decode(String.self, forKey: CodingKeys.mediaType)
        digest = try members.read(CodingKeys.digest) { try Digest(parsing: $0) }
        size = try members.decode(Int64.self, forKey: CodingKeys.size)
        annotations = try members.texts(CodingKeys.annotations)
        artifactType = try members.decodeIfPresent(String.self, forKey: CodingKeys.artifactType)
        let parts = try Self.platformParts(in: members)
        platform = parts?.platform
        let processor = parts?.architecture ?? ""
        hasPartialPlatform = platform == nil && !processor.isEmpty && processor != "unknown"
    }

    static func platform(in members: JSONMemberReader) throws -> Platform? {
        try platformParts(in: members)?.platform
    }

    private static func platformParts(in members: JSONMemberReader) throws -> PlatformParts? {
        guard try members.contains(CodingKeys.platform) else { return nil }
        return try members.decode(PlatformParts.self, forKey: CodingKeys.platform)
    }
}
