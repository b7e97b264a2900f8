package import OCI

/// Where an artifact runs: one platform, or `any` for files without code, such as a bundle of certificates.
package enum ArtifactPlatform: Hashable, Sendable {
    /// A file for every platform.
    case any
    /// A program for one platform.
    case platform(Platform)

    /// `any` or `os/architecture[/variant]`.
    package init(parsing text: some StringProtocol) throws(OCIError) {
        self = text == "any" ? .any : .platform(try Platform(parsing: text))
    }

    /// The platform, nil for `any`.
    package var platform: Platform? {
        switch self {
        case .any: nil
        case .platform(let platform): platform
        }
    }
}

extension ArtifactPlatform: CustomStringConvertible, Comparable {
    /// `any` or `os/architecture[/variant]`.
    package var description: String { platform?.description ?? "any" }

    /// By the written form's bytes.
    package static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

extension ArtifactPlatform: Codable {
    /// Reads the written form from a JSON string.
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the written form as a JSON string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
