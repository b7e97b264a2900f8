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
        rootfs = RootFS(type: RootFS.layers, diffIDs: diffIDs)
        self.history = history
    }

    /// The platform that the config claims, normalised.
    package var platform: Platform {
        get throws(OCIError) {
            try Platform(os: os, architecture: architecture, variant: variant?.isEmpty == true ? nil : variant)
        }
    }

    /// Whether the config, of which parts of the platform may be empty, doesn't name another system or processor.
    package func saysNothing(against platform: Platform) -> Bool {
        ["", platform.os].contains(os) && ["", platform.architecture].contains(architecture)
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

extension ImageConfig {
    /// Reads a config.
    ///
    /// Members that others leave out are empty: ``platform`` throws for one without os or architecture, and layers
    /// without their digests are noticed where they are compared with the manifest's.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        created = try container.decodeIfPresent(String.self, forKey: .created)
        author = try container.decodeIfPresent(String.self, forKey: .author)
        architecture = try container.decodeIfPresent(String.self, forKey: .architecture) ?? ""
        os = try container.decodeIfPresent(String.self, forKey: .os) ?? ""
        variant = try container.decodeIfPresent(String.self, forKey: .variant)
        config = try container.decodeIfPresent(Execution.self, forKey: .config)
        rootfs =
            try container.decodeIfPresent(RootFS.self, forKey: .rootfs) ?? RootFS(type: RootFS.layers, diffIDs: [])
        history = try container.decodeIfPresent([History].self, forKey: .history)
    }
}

extension ImageConfig.RootFS {
    /// The only type there is.
    static let layers = "layers"

    /// Reads the layers' digests; a list that is missing is empty.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decodeIfPresent(String.self, forKey: .type) ?? Self.layers
        diffIDs = try container.decodeIfPresent([Digest].self, forKey: .diffIDs) ?? []
    }
}
