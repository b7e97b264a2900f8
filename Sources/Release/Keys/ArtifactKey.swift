package import OCI

/// The key of an artifact: (name, version, platform, file).
///
/// It maps to one digest for ever.
package struct ArtifactKey: Hashable, Sendable {
    /// What was released.
    package let name: RepositoryName
    package let version: Version
    package let platform: ArtifactPlatform
    /// Where it is inside the release.
    package let file: ReleasePath

    /// A key from its parts; without a file it is the key of the release's program.
    package init(name: RepositoryName, version: Version, platform: ArtifactPlatform, file: ReleasePath? = nil) {
        self.name = name
        self.version = version
        self.platform = platform
        self.file = file ?? ReleasePath(programOf: name)
    }

    /// The release it belongs to.
    package var release: ReleaseKey { ReleaseKey(name: name, version: version) }

    /// Whether it is the program itself, or another file that was put without a path of its own.
    package var isProgram: Bool { file == ReleasePath(programOf: name) }
}

extension ArtifactKey: CustomStringConvertible {
    /// For people: `mount-monitor 1.2.3 linux/amd64`, and the file's path behind it where it isn't the program.
    package var description: String { "\(name) \(version) \(platform)" + (isProgram ? "" : " \(file)") }
}

extension ArtifactKey: Codable {
    private enum CodingKeys: CodingKey {
        case name, version, platform, file
    }

    /// Reads the key from a JSON object; without `file` it is the program's.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(RepositoryName.self, forKey: .name),
            version: try container.decode(Version.self, forKey: .version),
            platform: try container.decode(ArtifactPlatform.self, forKey: .platform),
            file: try container.decodeIfPresent(ReleasePath.self, forKey: .file)
        )
    }

    /// Writes the key as a JSON object, with `file` where it isn't the program's.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(version, forKey: .version)
        try container.encode(platform, forKey: .platform)
        if !isProgram { try container.encode(file, forKey: .file) }
    }
}

extension ArtifactKey {
    /// The order of the files of one release: by platform, the program first, the others by their paths.
    package static func isBefore(_ left: Self, _ right: Self) -> Bool {
        if left.platform != right.platform { return left.platform < right.platform }
        if left.isProgram != right.isProgram { return left.isProgram }
        return left.file < right.file
    }
}

extension ArtifactKey {
    /// The file's path among those of all platforms: `linux/amd64/tool`, and the path alone for `any`.
    package var pathByPlatform: String { platform.platform.map { "\($0)/\(file)" } ?? file.text }
}
