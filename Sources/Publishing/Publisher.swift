package import ArtifactStore
package import ContentAddress
package import ImageTransport
package import RegistryClient
package import Release
import SystemIO

/// Brings a release or an image to a place, and records that it is there.
///
/// What the place has already isn't sent again, so that a call that was broken off goes on where it ended.
package struct Publisher {
    /// What was to be done at a place.
    package enum Outcome: String, Sendable {
        /// It is there now.
        case published
        /// It was there.
        case present
        /// Something else has brought it there.
        case recorded
    }

    private let store: Store
    private let registries: any RegistryAccess
    private let web: WebFiles
    private let mayReplace: Bool

    /// A publisher of what is in a store; with `mayReplace` a name at a place may lead elsewhere, or a file hold other
    /// bytes, before.
    package init(store: Store, registries: any RegistryAccess, web: WebFiles, mayReplace: Bool) {
        self.store = store
        self.registries = registries
        self.web = web
        self.mayReplace = mayReplace
    }

    /// Publishes an image, or a release as an artifact, with what refers to it.
    ///
    /// Throws ``PublishError/taken(place:found:)``, and what the transports throw.
    package func publish(
        _ source: some ImageSource,
        _ outline: ImageOutline,
        _ referrers: ImageReferrers,
        as subject: String,
        to location: ImageLocation,
        progress: @escaping (Int64) -> Void
    ) throws -> Outcome {
        let standing = try standing(at: location)
        let digest = outline.root.digest
        if let standing, standing != digest, !mayReplace {
            throw PublishError.taken(place: "\(location)", found: standing)
        }
        let destination = try ImageDestinations.open(location, reference: nil, registries: registries)
        try ImageCopy.run(from: source, to: destination, outline: outline, referrers: referrers, progress: progress)
        try record(subject, at: .image(location), digest)
        return standing == digest ? .present : .published
    }

    /// Publishes the files of a release page in a directory.
    package func publish(
        _ files: [PageFile],
        of release: ReleaseKey,
        _ digest: Digest,
        inDirectory directory: String
    ) throws -> Outcome {
        // All of them before the first is written: half of a page is none.
        let missing = try files.filter { file in
            let path = directory + "/" + file.name
            guard let digest = try FileDigest.read(path) else { return true }
            guard digest == file.digest || mayReplace else { throw PublishError.fileTaken(path) }
            return digest != file.digest
        }
        try Directory.createWithParents(directory)
        for file in missing {
            let path = directory + "/" + file.name
            let target = try AtomicFile.create(path)
            try file.open(in: store).copy { try target.file.write($0) }
            try target.commit()
        }
        try record("\(release)", at: .files(directory: directory), digest, files.map(\.recorded))
        return missing.isEmpty ? .present : .published
    }

    /// Publishes the files of a release page below an address, by a PUT of each that isn't there.
    package func publish(
        _ files: [PageFile],
        of release: ReleaseKey,
        _ digest: Digest,
        below address: String
    ) throws -> Outcome {
        let missing = try files.filter { file in
            let place = address + PercentEncoding.encode(file.name)
            guard let digest = try WebDigest.read(place, web, limit: file.size) else { return true }
            guard digest == file.digest || mayReplace else { throw PublishError.fileTaken(place) }
            return digest != file.digest
        }
        for file in missing {
            let place = address + PercentEncoding.encode(file.name)
            let store = store
            try web.put(place, size: file.size) { () throws(TransportError) in try file.open(in: store) }
        }
        try record("\(release)", at: .web(address), digest, files.map(\.recorded))
        return missing.isEmpty ? .present : .published
    }

    /// Records that a release is on a page that something else has written, when what is there is the release.
    ///
    /// `page` are the files that a page of ours would have. Throws ``PublishError/pageDiffers(_:reasons:)``.
    package func record(
        _ release: ReleaseKey,
        _ artifacts: [Artifact],
        _ digest: Digest,
        on forge: ForgePage,
        page: [PageFile]
    ) throws -> Outcome {
        let web = web.asked(by: forge.address)
        let check = AssetCheck(artifacts, page: page)
        var (files, reasons, isThere): ([PublishedPlace.File], [String], Bool) = ([], [], false)
        for asset in try forge.assets(web) {
            let (result, file) = try check.read(asset, web)
            files.append(file)
            switch result {
            case .released, .holds: isThere = true
            case .differs(let reason): reasons.append(reason)
            case .other: break
            }
        }
        if reasons.isEmpty, !isThere { reasons = ["no file there is of \(release)"] }
        guard reasons.isEmpty else { throw PublishError.pageDiffers("\(forge)", reasons: reasons) }
        try record("\(release)", at: .page(forge), digest, files)
        return .recorded
    }

    private func record(
        _ subject: String,
        at target: PublishTarget,
        _ digest: Digest,
        _ files: [PublishedPlace.File] = []
    ) throws {
        let place = target.description
        let known = try store.publishedPlaces(of: subject).first { $0.place == place }
        if let known, known.digest == digest, known.files == files { return }
        try store.recordPublished(subject, at: place, digest: digest, files: files)
    }

    // What a name at a place leads to now; nil where there is nothing.
    private func standing(at location: ImageLocation) throws -> Digest? {
        do throws(TransportError) {
            return try ImageSources.open(location, registries: registries).root().digest
        } catch {
            guard error.isNothingThere else { throw error }
            return nil
        }
    }
}
