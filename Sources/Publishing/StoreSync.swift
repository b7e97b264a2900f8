package import ArtifactStore
package import ContentAddress
package import ImageTransport
import OCI
package import Printable
package import Proofs
package import RegistryClient
package import Release

/// Brings releases and images of a store to a registry, or from there, each with its digest: only what is missing.
///
/// Drafts, images that were made of them, and what is held back never move. Calls block.
package struct StoreSync {
    /// What became of one of them.
    package enum Outcome: String, Sendable {
        /// It came to where it wasn't.
        case sent
        /// It would come; nothing was changed.
        case missing
        /// It is there with the same digest.
        case present
        /// It isn't for others: a draft's, held back, or under a name that the registry can't have.
        case withheld
    }

    private let store: Store
    private let place: SyncPlace
    private let registries: any RegistryAccess
    private let listing: RegistryListing
    private let mayMove: Bool
    private let isDryRun: Bool
    private let warn: (Message) -> Void

    /// `mayMove` lets a tag lead to another image than before; `isDryRun` changes nothing.
    package init(
        store: Store,
        place: SyncPlace,
        registries: any RegistryAccess,
        listing: RegistryListing,
        mayMove: Bool,
        isDryRun: Bool,
        warn: @escaping (Message) -> Void
    ) {
        (self.store, self.place, self.registries, self.listing) = (store, place, registries, listing)
        (self.mayMove, self.isDryRun, self.warn) = (mayMove, isDryRun, warn)
    }

    /// The store's releases and names of images that are meant, releases first; all of them where no pattern is given.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` for a pattern that nothing follows.
    package func here(_ patterns: [SyncPattern]) throws -> [ReleaseOrImage] {
        let images = try store.images().flatMap(\.references).filter { !HeldName.isHeld($0) }.sorted()
        let all: [ReleaseOrImage] =
            try store.releases().map { .release($0.key) }
            + images.compactMap { (try? ImageReference(parsing: $0)).map { .image($0) } }
        return try chosen(all, patterns, in: "this store")
    }

    /// The registry's, as far as it lists them.
    ///
    /// Names without `*` and `?` are looked for in every registry; the list of all is a bindery's.
    package func there(_ patterns: [SyncPattern]) throws -> [ReleaseOrImage] {
        var all: [ReleaseOrImage] = []
        let names = patterns.compactMap(\.repository)
        if patterns.isEmpty || names.count < patterns.count {
            guard place.registry.prefix.isEmpty else {
                throw PublishError.unlisted("\(place.registry)", reason: "a part of a registry lists no names")
            }
            do throws(TransportError) {
                all += try listing.names(of: .releases).compactMap {
                    (try? ReleaseKey(parsing: $0)).map { .release($0) }
                }
                all += try listing.names(of: .images).filter { !HeldName.isHeld($0) }
                    .compactMap { (try? ImageReference(parsing: $0)).map { .image($0) } }
            } catch {
                guard error.isNothingThere else { throw error }
                throw PublishError.unlisted("\(place.registry)", reason: "it isn't a bindery")
            }
        } else {
            for name in Set(names).sorted() {
                for (repository, item) in place.repositories(of: name) {
                    all += (try listing.tags(of: repository) ?? []).compactMap(item)
                }
            }
        }
        return try chosen(all, patterns, in: "\(place.registry)")
    }

    private func chosen(
        _ all: [ReleaseOrImage],
        _ patterns: [SyncPattern],
        in what: String
    ) throws -> [ReleaseOrImage] {
        for pattern in patterns where !all.contains(where: { pattern.matches($0) }) {
            throw StoreError.notFound(what: "'\(printable(pattern.text, limit: 200))' in \(printable(what))", hint: nil)
        }
        return patterns.isEmpty ? all : all.filter { item in patterns.contains { $0.matches(item) } }
    }

    /// Brings one to the registry; gives its digest, too.
    package func push(_ item: ReleaseOrImage, progress: @escaping (Int64) -> Void) throws -> (Outcome, Digest?) {
        guard let reference = place.reference(of: item) else { return (.withheld, nil) }
        switch item {
        case .release(let release):
            try SealRule.check([release], in: store, warn: warn)
            return try push(ReleaseSource(store: store, release: release), to: reference, progress) { standing in
                try mayGrow(standing, release)
            }
        case .image(let image):
            guard let stored = try store.image(image) else { return (.withheld, nil) }
            guard try !DraftUse.isUnsealed(stored.digest, in: store) else { return (.withheld, stored.digest) }
            return try push(StoreSource(store: store, reference: image), to: reference, progress) { _ in mayMove }
        }
    }

    private func push(
        _ source: some ImageSource,
        to reference: String,
        _ progress: @escaping (Int64) -> Void,
        mayReplace: (any ImageSource) throws -> Bool
    ) throws -> (Outcome, Digest?) {
        let outline = try ImageOutline(of: source)
        let digest = outline.root.digest
        let referrers = ImageReferrers(to: outline, in: source)
        for line in referrers.leftOut { warn("left behind: \(message: line)") }
        if let standing = try standing(at: reference) {
            let found = try standing.root().digest
            if found == digest, try !lacks(standing, referrers) { return (.present, digest) }
            guard try found == digest || mayReplace(standing) else {
                throw PublishError.taken(place: "docker://\(reference)", found: found)
            }
        }
        guard !isDryRun else { return (.missing, digest) }
        let destination = try ImageDestinations.open(
            .registry(reference: reference),
            reference: nil,
            registries: registries
        )
        try ImageCopy.run(from: source, to: destination, outline: outline, referrers: referrers, progress: progress)
        return (.sent, digest)
    }

    // What refers to it here, and isn't listed there.
    private func lacks(_ standing: any ImageSource, _ referrers: ImageReferrers) throws -> Bool {
        for (subject, wanted) in Dictionary(grouping: referrers.all, by: \.subject) {
            let descriptor = Descriptor(mediaType: MediaType.imageManifest, digest: subject, size: 0)
            let hasTags = wanted.contains { $0.source.tag != nil }
            let listed = try hasTags ? standing.attached(to: descriptor) : standing.referrers(to: descriptor)
            let there = Set(listed.map(\.digest))
            if wanted.contains(where: { !there.contains($0.outline.root.digest) }) { return true }
        }
        return false
    }

    // An open release that has grown here: all that is there is here, too.
    private func mayGrow(_ standing: any ImageSource, _ release: ReleaseKey) throws -> Bool {
        guard let bundle = try BundleSource(release: standing), let part = try BundleImport(bundle).parts.first else {
            return false
        }
        let own = Dictionary(try store.artifacts(of: release).map { ($0.key, $0.digest) }) { first, _ in first }
        return part.files.allSatisfy { own[$0.key] == $0.digest }
    }

    private func standing(at reference: String) throws(TransportError) -> (any ImageSource)? {
        do throws(TransportError) {
            return try ImageSources.open(.registry(reference: reference), registries: registries)
        } catch {
            guard error.isNothingThere else { throw error }
            return nil
        }
    }

    /// Brings one from the registry; gives its digest, too.
    ///
    /// `trust` says which releases are taken.
    package func pull(
        _ item: ReleaseOrImage,
        _ trust: BundleTrust,
        progress: @escaping (Int64) -> Void
    ) throws -> (Outcome, Digest?) {
        guard let reference = place.reference(of: item), let source = try standing(at: reference) else {
            return (.withheld, nil)
        }
        let digest = try source.root().digest
        switch item {
        case .release(let release):
            guard let bundle = try BundleSource(release: source) else {
                throw TransportError.document(what: "docker://\(reference)", reason: "it isn't a release")
            }
            let taken = try BundleImport(bundle)
            for line in taken.leftOut { warn("left behind: \(message: line)") }
            guard taken.parts.allSatisfy({ $0.release == release }) else {
                throw TransportError.document(
                    what: "docker://\(reference)",
                    reason: "it is another release than \(release)"
                )
            }
            let isThere = try !taken.preview(in: store).files.contains(where: \.isNew)
            guard !isDryRun else { return (isThere ? .present : .missing, digest) }
            _ = try taken.run(into: store, proofs: trust.proofs(of: taken, in: store, warn: warn), progress: progress)
            return (isThere ? .present : .sent, digest)
        case .image(let image):
            let outline = try ImageOutline(of: source)
            let referrers = ImageReferrers(to: outline, in: source)
            for line in referrers.leftOut { warn("left behind: \(message: line)") }
            if let standing = try store.image(image)?.digest {
                if standing == digest, try !lacks(StoreSource(store: store, reference: image), referrers) {
                    return (.present, digest)
                }
                guard standing == digest || mayMove else {
                    throw PublishError.taken(place: image.tagged, found: standing)
                }
            }
            guard try !source.root().isRelease() else {
                throw TransportError.document(what: "docker://\(reference)", reason: "it is a release, no image")
            }
            guard !isDryRun else { return (.missing, digest) }
            let destination = try StoreDestination(store: store, references: [image])
            try ImageCopy.run(from: source, to: destination, outline: outline, referrers: referrers, progress: progress)
            return (.sent, digest)
        }
    }
}
