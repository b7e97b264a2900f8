import ContentAddress
package import ImageTransport
package import OCI
import Synchronization

/// Another registry, whose repositories are served below a prefix, and kept: `hub` for `docker.io`.
///
/// Calls block.
package final class Upstream: Sendable {
    /// What stands before the repositories' names here, with its slash.
    let prefix: String
    /// The registry, or a part of it, as `registry.example/team`.
    let registry: String
    private let registries: any RegistryAccess
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    private struct State {
        /// When it was asked for a tag, by its name here.
        var asked: [String: Timestamp] = [:]
        /// The image that was opened last in each repository, by which its blobs are had.
        var sources: [String: any ImageSource] = [:]
    }

    /// What one client fetches another one waits for.
    private let turns = (0..<16).map { _ in Turn() }

    private final class Turn: Sendable {
        let lock = Mutex<Void>(())
    }

    /// How long a tag leads where it did when the registry was asked for it, in milliseconds.
    private static let time: Int64 = 60_000
    /// More than these are asked for again.
    private static let most = 4096

    /// A registry below a prefix, in the form `PREFIX=REGISTRY`; nil for what isn't one.
    package init?(
        parsing text: String,
        registries: any RegistryAccess,
        now: @escaping @Sendable () -> Timestamp
    ) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let name = try? RepositoryName(parsing: parts[0]),
            !ReleaseRepository.isOne(name), name.text + "/" != ReleaseRepository.prefix,
            let place = try? ImageReference(parsing: parts[1] + "/name"), place.registry != nil, place.tag == nil
        else { return nil }
        (prefix, registry) = (name.text + "/", parts[1])
        (self.registries, self.now) = (registries, now)
    }

    /// Whether a repository is a copy of one of this registry.
    func has(_ name: RepositoryName) -> Bool { name.text.hasPrefix(prefix) && name.text.count > prefix.count }

    /// Whether the registry was asked for a tag just now.
    func isFresh(_ tag: String) -> Bool {
        guard let asked = state.withLock({ $0.asked[tag] }) else { return false }
        let age = now().milliseconds - asked.milliseconds
        return age >= 0 && age < Self.time
    }

    /// The registry was asked for a tag.
    func note(_ tag: String) {
        let time = now()
        state.withLock { state in
            if state.asked.count >= Self.most { state.asked.removeAll() }
            state.asked[tag] = time
        }
    }

    /// One at a time for each of some text.
    func turn(_ text: String, _ body: () throws -> Void) throws {
        let number = text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % turns.count
        try turns[number].lock.withLock { _ in try body() }
    }

    /// Opens an image of a repository, by `:TAG` or `@DIGEST`: its manifest is fetched and compared with its digest.
    func open(_ name: RepositoryName, _ reference: String) throws(TransportError) -> any ImageSource {
        let source = try registries.source("\(registry)/\(name.text.dropFirst(prefix.count))\(reference)")
        state.withLock { state in
            if state.sources.count >= Self.most { state.sources.removeAll() }
            state.sources[name.text] = source
        }
        return source
    }

    /// Opens a blob of a repository, which one of its manifests names; its bytes are checked as they are read.
    func blob(_ descriptor: Descriptor, of image: Digest, in name: RepositoryName) throws(TransportError) -> BlobStream
    {
        let known = state.withLock { $0.sources[name.text] }
        let source = if let known { known } else { try open(name, "@\(image)") }
        return try source.blob(descriptor)
    }
}
