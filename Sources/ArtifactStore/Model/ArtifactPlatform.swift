public import OCI

/// Where an artifact runs: one platform, or `any` for files without code, such as a bundle of certificates.
public enum ArtifactPlatform: Hashable, Sendable {
    /// A file for every platform.
    case any
    /// A program for one platform.
    case platform(Platform)

    /// `any` or `os/architecture[/variant]`.
    public init(parsing text: some StringProtocol) throws(OCIError) {
        self = text == "any" ? .any : .platform(try Platform(parsing: text))
    }

    /// The platform, nil for `any`.
    public var platform: Platform? {
        switch self {
        case .any: nil
        case .platform(let platform): platform
        }
    }
}

extension ArtifactPlatform: CustomStringConvertible, Comparable {
    /// `any` or `os/architecture[/variant]`.
    public var description: String { platform?.description ?? "any" }

    /// By the written form's bytes.
    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

extension ArtifactPlatform: Codable {
    /// Reads the written form from a JSON string.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the written form as a JSON string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
