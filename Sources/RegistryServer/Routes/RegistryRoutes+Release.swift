import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Printable
import Release

/// Pushing releases: the documents of docs/bundle-format.md, section 2, in the order of any artifact.
///
/// Manifests wait in their repository as blobs do; the index, under the version as its tag, makes the release.
extension RegistryRoutes {
    /// Takes a document of a release; false for what refers to something, which is a manifest as everywhere.
    func takesRelease(_ view: ManifestView?, _ tags: [Tag], in name: RepositoryName) throws(RegistryProblem) -> Bool {
        guard ReleaseRepository.isOne(name) else { return false }
        guard let view else { throw .invalidManifest("\(name) takes releases, and what refers to them") }
        guard view.subject != nil else { return true }
        guard tags.isEmpty else {
            throw .invalidManifest("the tags of \(name) are versions: what refers to one has none")
        }
        return false
    }

    func putRelease(
        _ document: ImageDocument,
        _ tags: [Tag],
        _ batch: BlobBatch,
        in name: RepositoryName,
        _ caller: Caller
    ) throws {
        guard let repository = repository(name) as? ReleaseRepository else { throw Self.nothing }
        if !tags.isEmpty { try takeIn(document, tags, repository, caller) }
        // A client asks for it by its digest before it is a release, and after that it is made anew.
        guard tags.isEmpty, try repository.manifest(document.digest) == nil else { return }
        guard (try? document.isPartOfRelease()) == true else {
            throw RegistryProblem.invalidManifest("\(name) takes the documents of releases, and what refers to them")
        }
        try taking(document.digest, Int64(document.bytes.count), in: name) { try store.push(batch, to: name.text) }
    }

    private func takeIn(
        _ index: ImageDocument,
        _ tags: [Tag],
        _ repository: ReleaseRepository,
        _ caller: Caller
    ) throws {
        let name = repository.name
        let pusher = caller.name.map { ", pushed by \($0)" } ?? ", pushed"
        let place = "\(name):\(tags.map(\.text).joined(separator: ","))\(pusher)"
        let source = PushedRelease(name: place, index: index, repository: repository)
        let bundle: BundleImport
        do throws(TransportError) {
            guard let release = try BundleSource(release: source) else {
                throw TransportError.document(
                    what: "\(name)",
                    reason: "a release is expected, as `bindery push` and `bindery copy` write it"
                )
            }
            bundle = try BundleImport(release)
        } catch {
            throw RegistryProblem.release(error)
        }
        guard let part = bundle.parts.first, let release = part.release, release.name == repository.releases,
            tags.allSatisfy({ $0.text == release.version.text })
        else {
            throw RegistryProblem.invalidManifest("it is another release than its repository and its tag say")
        }
        for file in part.files {
            guard case .stored(let size)? = try repository.blob(file.digest), size == file.size else {
                throw RegistryProblem.missing("\(file.digest)", in: name.text)
            }
        }
        let keys = Set(part.files.map(\.key))
        if let more = try store.artifacts(of: release).first(where: { !keys.contains($0.key) }) {
            throw RegistryProblem.denied("\(release) is here with a further file, \(more.key): pull it first")
        }
        do {
            _ = try bundle.run(into: store, proofs: try writes.proofs(bundle, store))
        } catch let error as TransportError {
            throw RegistryProblem.release(error)
        } catch ServerError.unproved(let reason) {
            throw RegistryProblem.denied("\(message: reason)")
        } catch let error as StoreError where error.kind == .conflict {
            throw RegistryProblem.denied("\(message: "\(error)")")
        }
    }
}

extension RegistryProblem {
    fileprivate static func release(_ error: TransportError) -> any Error {
        switch error {
        case .store, .system: error
        case .bundle(_, .store), .bundle(_, .system): error
        case .bundle(_, .notFound(let what, let place)), .notFound(let what, let place): missing(what, in: place)
        default: invalidManifest("\(message: "\(error)")")
        }
    }
}
