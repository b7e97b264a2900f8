public import ContentAddress

/// How an image runs and what its layers are (OCI image specification 1.1, config.md; `Healthcheck`, `Shell` and
/// `OnBuild` are Docker's additions).
public struct ImageConfig: Hashable, Sendable, Codable {
    /// RFC 3339 time of creation.
    public var created: String?
    /// Who made it.
    public var author: String?
    /// The processor, `amd64` for example.
    public var architecture: String
    /// The operating system, `linux` for example.
    public var os: String
    /// The processor's variant, `v7` for example.
    public var variant: String?
    /// How it runs.
    public var config: Execution?
    /// The uncompressed layers.
    public var rootfs: RootFS
    /// One entry for each instruction.
    public var history: [History]?

    private enum CodingKeys: String, CodingKey {
        case created, author, architecture, os, variant, config, rootfs, history
    }

    /// A config from its parts.
    public init(
        platform: Platform,
        created: String? = nil,
        author: String? = nil,
        config: Execution? = nil,
        diffIDs: [Digest],
        history: [History]? = nil
    ) {
        self.created = created
        self.author = author
        architecture = platform.architecture
        os = platform.os
        variant = platform.variant
        self.config = config
        rootfs = RootFS(type: "layers", diffIDs: diffIDs)
        self.history = history
    }

    /// The platform that the config claims, normalised.
    public var platform: Platform {
        get throws(OCIError) {
            try Platform(os: os, architecture: architecture, variant: variant?.isEmpty == true ? nil : variant)
        }
    }

    /// The uncompressed layers.
    public struct RootFS: Hashable, Sendable, Codable {
        /// Always `layers`.
        public var type: String
        /// The digests of the uncompressed layers, lowest first.
        public var diffIDs: [Digest]

        private enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    /// What one instruction did.
    public struct History: Hashable, Sendable, Codable {
        /// RFC 3339 time.
        public var created: String?
        /// The instruction.
        public var createdBy: String?
        /// Who.
        public var author: String?
        /// A remark, such as the builder's name.
        public var comment: String?
        /// True when the instruction made no layer.
        public var emptyLayer: Bool?

        private enum CodingKeys: String, CodingKey {
            case created
            case createdBy = "created_by"
            case author, comment
            case emptyLayer = "empty_layer"
        }

        /// An entry from its parts.
        public init(
            created: String? = nil,
            createdBy: String? = nil,
            author: String? = nil,
            comment: String? = nil,
            emptyLayer: Bool? = nil
        ) {
            self.created = created
            self.createdBy = createdBy
            self.author = author
            self.comment = comment
            self.emptyLayer = emptyLayer
        }
    }
}
