package import ArtifactStore

/// What a file is, by its digest.
package enum FileIdentity: Sendable {
    /// A released artifact: all keys that hold these bytes, the one that fits the image first.
    case released([Artifact])
    /// A file of a known base, by the base's name.
    case base(String)
    /// Neither.
    case unknown

    package var isReleased: Bool { if case .released = self { true } else { false } }
    /// Whether nobody knows it.
    package var isUnknown: Bool { if case .unknown = self { true } else { false } }
    /// Whether it is of a known base.
    package var isBase: Bool { if case .base = self { true } else { false } }

    /// One word for reports: `released`, `base` or `unknown`.
    package var word: String {
        switch self {
        case .released: "released"
        case .base: "base"
        case .unknown: "unknown"
        }
    }
}
