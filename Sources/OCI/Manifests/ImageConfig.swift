package import ContentAddress

/// How an image runs and what its layers are (OCI image specification 1.1, config.md; `Healthcheck`, `Shell` and
/// `OnBuild` are Docker's additions).
package struct ImageConfig: Hashable, Sendable, Codable {
    /// RFC 3339 time of creation.
    package var created: String?
    /// Who made it.
    package var author: String?
    /// The processor, `amd64` for example.
    package var architecture: String
    /// The operating system, `linux` for example.
    package var os: String
    /// The processor's variant, `v7` for example.
    package var variant: String?
    /// How it runs.
    package var config: Execution?
    /// The uncompressed layers.
    package var rootfs: RootFS
    /// One entry for each instruction.
    package var history: [History]?

    private enum CodingKeys: String, CodingKey {
        case created, author, architecture, os, variant, config, rootfs, history
    }

    /// A config from its parts.
    package init(
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
    package var platform: Platform {
        get throws(OCIError) {
            try Platform(os: os, architecture: architecture, variant: variant?.isEmpty == true ? nil : variant)
        }
    }

    /// The uncompressed layers.
    package struct RootFS: Hashable, Sendable, Codable {
        /// Always `layers`.
        package var type: String
        /// The digests of the uncompressed layers, lowest first.
        package var diffIDs: [Digest]

        private enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    /// What one instruction did.
    package struct History: Hashable, Sendable, Codable {
        /// RFC 3339 time.
        package var created: String?
        /// The instruction.
        package var createdBy: String?
        /// Who.
        package var author: String?
        /// A remark, such as the builder's name.
        package var comment: String?
        /// True when the instruction made no layer.
        package var emptyLayer: Bool?

        private enum CodingKeys: String, CodingKey {
            case created
            case createdBy = "created_by"
            case author, comment
            case emptyLayer = "empty_layer"
        }

        /// An entry from its parts.
        package init(
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
