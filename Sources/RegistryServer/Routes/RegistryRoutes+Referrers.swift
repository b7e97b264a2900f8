import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI

/// Listing what refers to a manifest (OCI distribution specification 1.1, "Listing Referrers").
extension RegistryRoutes {
    /// The most bytes of a list: as much as a manifest, which clients read it as.
    private static let largestList = Int(ImageDocument.largestSize) / 2

    /// end-12: never 404, which would lead clients to look for a tag instead.
    func referrers(
        to subject: ContentName,
        in repository: any Repository,
        _ target: RequestTarget
    ) throws -> Answer {
        let filter = target.query["artifactType"]
        let last = target.query["last"].flatMap { try? Digest(parsing: $0) }
        var list: [JSONValue] = []
        var (size, next): (Int, Digest?) = (0, nil)
        var place = last
        let page = try self.page(of: subject, in: repository, after: last)
        for (number, referrer) in page.enumerated() {
            guard number < Self.pageSize, size < Self.largestList else {
                next = place
                break
            }
            place = referrer
            guard let document = try repository.manifest(referrer),
                let view = try? ManifestView.reading(document)
            else { continue }
            if let filter, view.listedType != filter { continue }
            let name = try store.pushedName(of: referrer, in: repository.name.text)
            let entry = view.descriptor(of: document, named: name ?? "\(referrer)")
            size += CanonicalJSON.encode(entry).count
            list.append(entry)
        }
        let body = CanonicalJSON.encode(
            .object(["schemaVersion": 2, "mediaType": .string(MediaType.imageIndex), "manifests": .array(list)])
        )
        var fields: [(String, String)] = []
        if filter != nil { fields.append(("OCI-Filters-Applied", "artifactType")) }
        if let next {
            let type = filter.map { "&artifactType=" + PercentEncoding.encode($0) } ?? ""
            let path = "/v2/\(repository.name)/referrers/\(subject)?last=\(next)\(type)"
            fields.append(("Link", "<\(path)>; rel=\"next\""))
        }
        return Answer(.ok, type: MediaType.imageIndex, .bytes(body), fields)
    }

    /// What refers to a manifest, by digest: what was pushed, and what came into the store with it.
    private func page(
        of subject: ContentName,
        in repository: any Repository,
        after last: Digest?
    ) throws -> [Digest] {
        let pushed = try store.pushedReferrers(
            to: "\(subject)",
            in: repository.name.text,
            after: last,
            limit: Self.pageSize + 1
        )
        let others = try resolve(subject).map { try repository.referrers(to: $0) } ?? []
        let all = Set(pushed.map(\.digest)).union(others)
        return all.filter { digest in last.map { $0 < digest } ?? true }.sorted()
    }
}
