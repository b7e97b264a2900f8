package import ArtifactStore
import ContentAddress
import OCI
import Printable

/// Which names of images are served, and where.
///
/// An image is served under its repository where its name has no registry, or one of the hosts that this server stands
/// for; else under registry and repository.
package struct ServedNames: Sendable {
    /// The registries that this server stands for.
    package let hosts: [String]

    /// The names for some hosts, such as `registry.example` or `localhost:5000`.
    ///
    /// Throws ``ServerError/host(_:)`` for what is none.
    package init(hosts: [String]) throws(ServerError) {
        for host in hosts {
            guard let reference = try? ImageReference(parsing: host + "/name"), reference.registry == host,
                host != HeldName.registry
            else {
                throw .host(host)
            }
        }
        self.hosts = hosts
    }

    /// What stands before the tag in the names of a repository's images; none for a repository that isn't served.
    func spellings(of name: RepositoryName) -> [String] {
        guard !HeldName.isHeld(name.text) else { return [] }
        let hosted = hosts.map { "\($0)/\(name)" }
        // What has the name of a host before it is served without.
        let isOfHost = hosts.contains { name.text.hasPrefix($0 + "/") }
        return (isOfHost ? [] : [name.text]) + hosted
    }

    /// The repository that an image's name is served in; nil where no repository can be called so.
    func repository(of reference: ImageReference) -> RepositoryName? {
        guard reference.registry != HeldName.registry else { return nil }
        guard let registry = reference.registry, !hosts.contains(registry) else {
            return Self.isOfReleases(reference.repository) ? nil : reference.repository
        }
        return (try? RepositoryName(parsing: "\(registry)/\(reference.repository)"))
            .flatMap { Self.isOfReleases($0) ? nil : $0 }
    }

    private static func isOfReleases(_ name: RepositoryName) -> Bool { name.text.hasPrefix(ReleaseRepository.prefix) }

    /// The names of the store's images that aren't served, in order, but for those that are held.
    ///
    /// Throws ``ServerError/sameName(_:_:_:)`` where one name would stand for two images.
    package func unserved(in store: Store) throws -> [String] {
        var taken: [String: (name: String, image: Digest)] = [:]
        var unserved: [String] = []
        for image in try store.images() {
            for text in image.references where !HeldName.isHeld(text) {
                guard let reference = try? ImageReference(parsing: text), let tag = reference.tag,
                    let repository = repository(of: reference)
                else {
                    unserved.append(text)
                    continue
                }
                let served = "\(repository):\(tag)"
                if let other = taken.updateValue((text, image.digest), forKey: served), other.image != image.digest {
                    throw ServerError.sameName(served, other.name, text)
                }
            }
        }
        return unserved.sorted()
    }
}
