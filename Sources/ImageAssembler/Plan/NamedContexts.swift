package import ArtifactStore
package import Dockerfile
import OCI

/// What `FROM` and `COPY --from` find under names that the caller gives, as `docker buildx build --build-context` has
/// it.
///
/// A name goes before an image's, and before a stage's.
package struct NamedContexts: Equatable, Sendable {
    /// What a name stands for.
    package enum Content: Equatable, Sendable {
        /// An image, by its reference.
        case image(String)
        /// A release's files; `FROM` can't take them.
        case release([Artifact])
    }

    /// The contents by their names as they were given.
    package private(set) var contents: [String: Content] = [:]
    private var names: [String: String] = [:]

    /// No names.
    package init() {}

    /// Gives a name to an image or release; returns false where the name is taken.
    package mutating func add(_ name: String, _ content: Content) -> Bool {
        guard names.updateValue(name, forKey: Self.key(name)) == nil else { return false }
        contents[name] = content
        return true
    }

    /// The name that is meant, as it was given; nil where there is none of it.
    func name(_ text: String) -> String? { names.isEmpty ? nil : names[Self.key(text)] }

    /// The artifacts of the releases, by name.
    var releases: [String: [Artifact]] {
        contents.compactMapValues { content in if case .release(let artifacts) = content { artifacts } else { nil } }
    }

    /// The names that no instruction takes, which change nothing.
    package func unused(in dockerfile: Dockerfile) -> [String] {
        var used: Set<String> = []
        for stage in dockerfile.stages {
            // What a variable names can't be told.
            if stage.from.base.contains("$") { return [] }
            used.formUnion([name(stage.from.base), stage.from.name.flatMap(name)].compactMap(\.self))
            used.formUnion(stage.instructions.flatMap(\.origins).compactMap(name))
        }
        return Set(contents.keys).subtracting(used).sorted()
    }

    /// What is compared of a name: `alpine`, `alpine:latest` and `docker.io/library/alpine` are one.
    private static func key(_ name: String) -> String {
        let name = name.lowercased()
        return (try? ImageReference(parsing: name))?.fullName ?? name
    }
}
