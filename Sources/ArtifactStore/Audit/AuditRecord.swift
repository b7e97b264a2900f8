public import ContentAddress

/// What is kept of an audit: of which image, when, what came out, and every file's digest.
public struct AuditRecord: Sendable {
    /// The reference that was audited, as it was written.
    public var reference: String
    /// The digest of the image's manifest or index.
    public var image: Digest
    /// The verdict's word; nil for an image that is damaged.
    public var verdict: String?
    /// The findings and what else the report has, as JSON.
    public var report: String
    /// The images of the platforms.
    public var manifests: [Manifest]

    /// One platform's image.
    public struct Manifest: Sendable {
        /// The manifest's digest.
        public var digest: Digest
        /// The config's digest.
        public var config: Digest
        /// The platform, `linux/amd64`.
        public var platform: String
        /// The verdict's word.
        public var verdict: String?
        /// Its regular files, as a container sees them.
        public var files: [File]

        /// A platform's image from its parts.
        public init(digest: Digest, config: Digest, platform: String, verdict: String?, files: [File]) {
            self.digest = digest
            self.config = config
            self.platform = platform
            self.verdict = verdict
            self.files = files
        }
    }

    /// One regular file of an image.
    public struct File: Sendable, Hashable {
        /// Where it is, raw, with a slash at the start.
        public var path: [UInt8]
        /// Its digest.
        public var digest: Digest
        /// Its size in bytes.
        public var size: Int64
        /// Permission bits with set-id and sticky bits.
        public var mode: UInt32
        /// The layer that brought it, 0 for the lowest.
        public var layer: Int

        /// A file from its parts.
        public init(path: [UInt8], digest: Digest, size: Int64, mode: UInt32, layer: Int) {
            self.path = path
            self.digest = digest
            self.size = size
            self.mode = mode
            self.layer = layer
        }
    }

    /// A record from its parts.
    public init(reference: String, image: Digest, verdict: String?, report: String, manifests: [Manifest]) {
        self.reference = reference
        self.image = image
        self.verdict = verdict
        self.report = report
        self.manifests = manifests
    }
}
