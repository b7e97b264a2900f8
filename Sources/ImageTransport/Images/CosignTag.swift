package import ContentAddress
package import OCI

/// A tag that cosign 2 and earlier give to what they attach to a manifest of the same repository: its bytes name no subject
/// (sigstore/cosign, specs/SIGNATURE_SPEC.md, "Tag-based Discovery").
package struct CosignTag: Hashable, Sendable {
    /// What is attached.
    package enum Kind: String, CaseIterable, Sendable {
        /// Signatures.
        case sig
        /// Attestations.
        case att
        /// A bill of materials.
        case sbom

        /// The type that cosign gives such a manifest where it writes it with a subject; here it marks one without.
        package var artifactType: String { "application/vnd.dev.cosign.artifact.\(rawValue).v1+json" }
    }

    /// The manifest that it is attached to.
    package let subject: Digest
    package let kind: Kind

    package init(_ subject: Digest, _ kind: Kind) {
        (self.subject, self.kind) = (subject, kind)
    }

    /// Reads `sha256-<hex>.sig`, `.att` or `.sbom`; nil for any other name.
    package init?(_ text: String?) {
        guard let text, text.hasPrefix(Self.prefix), let dot = text.lastIndex(of: "."),
            let kind = Kind(rawValue: String(text[text.index(after: dot)...])),
            let subject = try? Digest(hex: String(text[..<dot].dropFirst(Self.prefix.count)))
        else { return nil }
        self.init(subject, kind)
    }

    /// Those of a manifest.
    package static func all(of subject: Digest) -> [CosignTag] { Kind.allCases.map { CosignTag(subject, $0) } }

    package var text: String { "\(Self.prefix)\(subject.hex).\(kind.rawValue)" }

    private static let prefix = "sha256-"
}

extension Descriptor {
    /// The tag by which a list of referrers names it; nil where its bytes name their subject.
    var cosignTag: CosignTag? { CosignTag(annotations?[Annotation.referenceName]) }

    /// The same, attached by a tag; what else its place says of it is its bytes' to say.
    package func attached(by tag: CosignTag) -> Descriptor {
        Descriptor(
            mediaType: mediaType,
            digest: digest,
            size: size,
            annotations: [Annotation.referenceName: tag.text]
        )
    }
}
