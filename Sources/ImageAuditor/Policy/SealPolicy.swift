package import ArtifactStore
import OCI
import Release

/// What a site demands of a release before it is sealed (docs/cli.md, "seal").
package struct SealPolicy: Sendable {
    /// How far a builder's attestation must be known.
    private enum Demand: String, CaseIterable {
        case any, verified
    }

    /// An attestation about a file: who built it, and whether a trusted key vouches for that.
    package struct Attested: Sendable {
        package let builder: String?
        package let isVerified: Bool

        package init(builder: String?, isVerified: Bool) {
            self.builder = builder
            self.isVerified = isVerified
        }
    }

    /// Platforms that must have a file.
    private var platforms: [ArtifactPlatform] = []
    /// Paths, or patterns of them, that a file of the release must have.
    private var files: [String] = []
    /// Annotations that each file must have.
    private var annotations: [String] = []
    private var provenance: Demand?
    /// The builders that count; none for all.
    private var builders: [String] = []

    /// Reads a policy file's text.
    ///
    /// Throws ``PolicyError`` with the line of what isn't known or doesn't parse: nothing is passed over.
    package init(parsing text: String) throws(PolicyError) {
        guard case .mapping(let members, _) = try PolicyDocument(parsing: text) else {
            throw PolicyError(1, "'key: value' is expected")
        }
        for (key, value) in members {
            switch key {
            case "platforms":
                platforms = try value.texts { text throws(any Error) in try ArtifactPlatform(parsing: text) }
            case "files": files = try value.texts { $0 }
            case "annotations": annotations = try value.texts { $0 }
            case "provenance":
                let word = try value.text()
                guard let demand = Demand(rawValue: word) else {
                    throw PolicyError(value.line, "'\(word)' is neither any nor verified")
                }
                provenance = demand
            case "builders": builders = try value.texts { $0 }
            default:
                throw PolicyError(
                    value.line,
                    "'\(key)' is not known: platforms, files, annotations, provenance or builders is expected"
                )
            }
        }
        guard builders.isEmpty || provenance == .verified else {
            throw PolicyError(1, "'builders' needs 'provenance: verified': whoever isn't verified can name any builder")
        }
    }

    /// What a release lacks, a line each; `attested` gives the attestations about a file.
    package func problems(
        of artifacts: [Artifact],
        attested: (Artifact) throws -> [Attested]
    ) rethrows -> [String] {
        var problems = platforms.filter { platform in !artifacts.contains { $0.key.platform == platform } }
            .map { "no file is for \($0)" }
        for pattern in files {
            let glob = Glob(pattern)
            if !artifacts.contains(where: { glob.matches($0.key.file.text) }) {
                problems.append("no file is \(pattern)")
            }
        }
        for artifact in artifacts {
            for annotation in annotations where artifact.annotations[annotation] == nil {
                problems.append("\(artifact.key) has no annotation \(annotation)")
            }
            // What runs nowhere was built by nobody.
            guard let provenance, artifact.key.platform != .any else { continue }
            let all = try attested(artifact)
            let counted = all.filter { item in
                (provenance == .any || item.isVerified)
                    && (builders.isEmpty || item.builder.map(builders.contains) == true)
            }
            if counted.isEmpty {
                let kind = provenance == .verified ? "verified provenance" : "provenance"
                let builder = builders.isEmpty ? "" : " of \(builders.joined(separator: " or "))"
                problems.append(
                    "\(artifact.key) has no \(kind)\(builder)\(all.isEmpty ? "" : ", only attestations that don't count")"
                )
            }
        }
        return problems
    }
}
