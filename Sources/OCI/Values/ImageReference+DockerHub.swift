extension ImageReference {
    /// The references that are one with this one, itself first.
    ///
    /// Docker Hub's names may be written with the registry and `library/` or without (distribution/reference,
    /// `normalize.go`). Other registries' names have one form.
    package var lookups: [ImageReference] {
        let normalized = normalized
        guard normalized.registry == Self.dockerHub else { return [self] }
        let path = normalized.repository.text
        let official = "library/"
        let short = path.hasPrefix(official) ? String(path.dropFirst(official.count)) : path
        let paths = path == short || short.contains("/") ? [path] : [short, path]
        let registries = [nil, Self.dockerHub, Self.dockerHubIndex]
        let all = registries.flatMap { registry in
            paths.compactMap { path in
                (try? RepositoryName(parsing: path)).map {
                    ImageReference(registry: registry, repository: $0, tag: tag, digest: digest)
                }
            }
        }
        return [self] + all.filter { $0 != self }
    }

    /// The normal form: Docker Hub's names as `docker.io/library/alpine:3`, all others as they are.
    package var normalized: ImageReference {
        guard registry == nil || registry == Self.dockerHub || registry == Self.dockerHubIndex else { return self }
        let path = repository.text.contains("/") ? repository.text : "library/" + repository.text
        guard let repository = try? RepositoryName(parsing: path) else { return self }
        return ImageReference(registry: Self.dockerHub, repository: repository, tag: tag, digest: digest)
    }

    /// The name in full, as containerd's image store has it: `docker.io/library/alpine:latest`.
    package var fullName: String {
        digest == nil ? normalized.tagged : normalized.description
    }

    /// The reference with the tag that is meant when none is written.
    package var tagged: String {
        tag == nil ? description + ":latest" : description
    }

    private static let dockerHub = "docker.io"
    private static let dockerHubIndex = "index.docker.io"
}
