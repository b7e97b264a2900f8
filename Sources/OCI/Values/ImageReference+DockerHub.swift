extension ImageReference {
    /// The references that this one may be known by: itself, and for one without a registry the one of Docker Hub, which
    /// is what those mean who write Dockerfiles (distribution/reference, `normalize.go`).
    package var lookups: [ImageReference] {
        guard registry == nil else { return [self] }
        let path = repository.text.contains("/") ? repository.text : "library/" + repository.text
        guard let full = try? RepositoryName(parsing: path) else { return [self] }
        return [self, ImageReference(registry: "docker.io", repository: full, tag: tag, digest: digest)]
    }

    /// The name in full, as containerd's image store has it: `docker.io/library/alpine:latest`.
    package var fullName: String {
        var reference = lookups.last ?? self
        if tag == nil, digest == nil, let latest = try? Tag(parsing: "latest") {
            reference = ImageReference(registry: reference.registry, repository: reference.repository, tag: latest)
        }
        return reference.description
    }
}
