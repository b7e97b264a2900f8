import ArtifactStore
import ContentAddress
import NIOHTTP1
import OCI
import Printable

/// Deletions, and what else decides whether a repository is written to (OCI distribution specification 1.1, "Content
/// Management").
extension RegistryRoutes {
    /// end-9, end-10 and end-14.
    func delete(_ route: RegistryRoute, _ request: HTTPRequestHead) throws -> Answer {
        if case .upload(let name, let id) = route, writes.push {
            return try cancel(id, name, caller(of: request, .push, route))
        }
        guard writes.delete else { throw notAllowed(route) }
        let caller = try caller(of: request, .delete, route)
        if let name = route.name {
            guard !ReleaseRepository.isOne(name) else {
                throw RegistryProblem.badRequest("releases are removed by `bindery rm`, and not deleted here")
            }
            try checkWritable(name)
        }
        switch route {
        case .manifest(let name, .tag(let tag)):
            try checkDeletable([tag], of: name)
            guard try store.untag(references(name, tag), in: name.text, by: caller.name) else {
                throw RegistryProblem.unknownManifest(tag.text, in: name.text)
            }
        case .manifest(let name, .digest(let digest)): try deleteManifest(digest, in: name, caller)
        case .blob(let name, let digest): try deleteBlob(digest, in: name)
        default: throw notAllowed(route)
        }
        return Answer(.accepted, type: nil, .bytes([]))
    }

    private func deleteManifest(_ wanted: ContentName, in name: RepositoryName, _ caller: Caller) throws {
        let repository = repository(name)
        guard let digest = try resolve(wanted), try repository.manifest(digest) != nil else {
            throw RegistryProblem.unknownManifest("\(wanted)", in: name.text)
        }
        // Its children would be cut off the index, and whoever pulls that would miss them.
        if let index = try images(reaching: digest, in: name).first(where: { $0 != digest }) {
            throw RegistryProblem.inUse("\(index) names \(digest): delete that first")
        }
        let tags = try names.spellings(of: name).flatMap { spelling in
            try store.tags(of: spelling).filter { $0.image == digest }.compactMap {
                try? ImageReference(parsing: "\(spelling):\($0.tag)")
            }
        }
        try checkDeletable(tags.compactMap(\.tag), of: name)
        _ = try store.removeManifest(digest, tags: tags, in: name.text, by: caller.name)
    }

    private func deleteBlob(_ wanted: ContentName, in name: RepositoryName) throws {
        guard let digest = try resolve(wanted), try repository(name).blob(digest) != nil else {
            throw RegistryProblem.unknownBlob("\(wanted)", in: name.text)
        }
        if let image = try images(reaching: digest, in: name).first {
            throw RegistryProblem.inUse("\(image) names \(digest): delete that first")
        }
        try store.removeBlob(digest, in: name.text)
    }

    private func images(reaching digest: Digest, in name: RepositoryName) throws -> [Digest] {
        guard let repository = repository(name) as? ImageRepository else { return [] }
        return try repository.images(reaching: digest)
    }

    /// Throws for a repository that isn't written to.
    func checkWritable(_ name: RepositoryName) throws(RegistryProblem) {
        guard !ReleaseRepository.isOne(name) else { return }
        if let upstream = upstream(of: name) { throw .denied("\(name) is a copy of \(upstream.registry): push there") }
        guard !spellings(name).isEmpty else {
            throw .denied("an image that is called \(name) would be served under another name")
        }
    }

    /// What an image of the repository is called with a tag: by all of the names that it has, or by the first that it may.
    func references(_ name: RepositoryName, _ tag: Tag) throws -> [ImageReference] {
        let all = spellings(name)
        let there = try all.filter { try store.image(named: $0, tag: tag) != nil }
        return try (there.isEmpty ? Array(all.prefix(1)) : there).map { try ImageReference(parsing: "\($0):\(tag)") }
    }

    /// What stands before the tag in the names of images that are served in a repository.
    private func spellings(_ name: RepositoryName) -> [String] {
        names.spellings(of: name).filter { spelling in
            guard let reference = try? ImageReference(parsing: spelling + ":latest") else { return false }
            return names.repository(of: reference) == name
        }
    }

    /// The answer to a method that an end-point doesn't have, or that the server doesn't take.
    func notAllowed(_ route: RegistryRoute) -> RegistryProblem {
        var allowed = ["GET", "HEAD"]
        switch route {
        case .uploads: allowed = writes.push ? ["POST"] : []
        case .upload: allowed = writes.push ? ["DELETE", "GET", "HEAD", "PATCH", "PUT"] : []
        case .manifest: allowed += (writes.delete ? ["DELETE"] : []) + (writes.push ? ["PUT"] : [])
        case .blob: allowed += writes.delete ? ["DELETE"] : []
        case .base, .tags, .referrers: break
        }
        guard writes.push || writes.delete else { return .readOnly }
        return RegistryProblem(
            status: .methodNotAllowed,
            code: .unsupported,
            message: "this method isn't taken here",
            headers: ["Allow": allowed.sorted().joined(separator: ", ")]
        )
    }
}
