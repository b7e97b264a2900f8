import OCI
package import RegistryClient
package import Release

/// Where the releases and images of a store are in a registry, by the names that `bindery serve` gives them.
package struct SyncPlace: Sendable {
    package let registry: RegistryPlace

    package init(_ registry: RegistryPlace) { self.registry = registry }

    /// What stands before a release's name.
    private static let releases = "releases/"

    /// What something is called there, without `docker://`; nil where no repository can have the name.
    package func reference(of item: ReleaseOrImage) -> String? {
        switch item {
        case .release(let release):
            return "\(registry.host)/\(registry.prefix)\(Self.releases)\(release.name):\(release.version)"
        case .image(let reference):
            guard let tag = reference.tag else { return nil }
            var name = reference.repository.text
            if let host = reference.registry, host != registry.host { name = "\(host)/\(name)" }
            guard (try? RepositoryName(parsing: registry.prefix + name)) != nil, !name.hasPrefix(Self.releases) else {
                return nil
            }
            return "\(registry.host)/\(registry.prefix)\(name):\(tag)"
        }
    }

    /// The repositories that a name may stand for there, with what a tag of each is in a store.
    func repositories(of name: String) -> [(RepositoryName, (Tag) -> ReleaseOrImage?)] {
        var found: [(RepositoryName, (Tag) -> ReleaseOrImage?)] = []
        if let own = try? RepositoryName(parsing: name),
            let there = try? RepositoryName(parsing: registry.prefix + Self.releases + name)
        {
            found.append(
                (
                    there,
                    { tag in (try? Version(parsing: tag.text)).map { .release(ReleaseKey(name: own, version: $0)) } }
                )
            )
        }
        let local = name.hasPrefix(registry.host + "/") ? String(name.dropFirst(registry.host.count + 1)) : name
        if let there = try? RepositoryName(parsing: registry.prefix + local) {
            found.append((there, { tag in (try? ImageReference(parsing: "\(name):\(tag)")).map { .image($0) } }))
        }
        return found
    }
}
