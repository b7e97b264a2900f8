package import ArtifactStore
import ContentAddress
package import ImageTransport
import OCI
package import RegistryClient
import Release
import SystemIO

/// Reads published places again, and says whether they hold what was published.
///
/// Whatever is read is bounded by what was published. A place that can't be read is an outage, never drift.
package struct PlaceReader {
    /// What was found at a place.
    package struct Finding: Sendable {
        package let place: PublishedPlace
        package let state: PublishedPlace.State
        /// What differs, or why the place can't be read, a line for each.
        package let reasons: [String]
    }

    private let store: Store
    private let registries: any RegistryAccess
    private let web: WebFiles
    private let reads: RecentReads?

    /// A reader of the places that are recorded in a store.
    ///
    /// What was read before, by `reads`, is only looked for at registries and addresses; nil reads everything.
    package init(store: Store, registries: any RegistryAccess, web: WebFiles, reads: RecentReads? = nil) {
        self.store = store
        self.registries = registries
        self.web = web
        self.reads = reads
    }

    /// Reads one place.
    package func read(_ place: PublishedPlace) -> Finding {
        var drift: [String] = []
        do {
            switch try PublishTarget(parsing: place.place, tag: nil, in: "/") {
            case .image(let location): drift = try image(place, location)
            case .files(let directory):
                drift = try files(place) { file in try FileDigest.read(directory + "/" + file.name) }
                drift += try missingStatements(place)
            case .web(let address):
                drift = try files(place) { try file($0, at: address + PercentEncoding.encode($0.name), web) }
                drift += try missingStatements(place)
            case .page(let page): drift = try forge(place, page)
            }
        } catch let error as TransportError where error.isNothingThere {
            drift = ["nothing is there: \(error)"]
        } catch let error as TransportError where error.isIntegrity {
            drift = ["\(error)"]
        } catch {
            return Finding(place: place, state: .outage, reasons: ["\(error)"])
        }
        return Finding(place: place, state: drift.isEmpty ? .same : .drift, reasons: drift)
    }

    private func image(_ place: PublishedPlace, _ location: ImageLocation) throws -> [String] {
        let source = try ImageSources.open(location, registries: registries)
        let found = try source.root().digest
        guard found == place.digest else { return ["the name leads to \(found), not to \(place.digest)"] }
        var reasons: [String] = []
        let outline = try ImageOutline(of: source)
        for blob in outline.blobs where !outline.documents.contains(blob.digest) {
            // Files of this machine cost no more than a look at them.
            var address: String?
            if case .registry = location { address = place.place }
            do throws(TransportError) {
                if let address, reads?.has(blob.digest, at: address) == true {
                    _ = try source.open(blob)
                    continue
                }
                try source.blob(blob).forEachPiece { _ in }
                if let address { reads?.note(blob.digest, at: address) }
            } catch {
                guard error.isNothingThere || error.isIntegrity else { throw error }
                reasons.append("\(error)")
            }
        }
        return try reasons + missingReferrers(outline, source, place)
    }

    // What refers to it here, such as its signatures, and not there.
    private func missingReferrers(
        _ outline: ImageOutline,
        _ source: any ImageSource,
        _ place: PublishedPlace
    ) throws -> [String] {
        guard let here = try published(place) else { return [] }
        var reasons: [String] = []
        for subject in outline.blobs where outline.documents.contains(subject.digest) {
            let here = try here.attached(to: subject)
            guard !here.isEmpty else { continue }
            let there = Set(try source.attached(to: subject).map(\.digest))
            for referrer in here where !there.contains(referrer.digest) {
                let kind = referrer.artifactType ?? referrer.mediaType
                reasons.append(
                    "what refers to \(subject.digest.short) is missing: \(kind) \(referrer.digest): \(Self.remedy(place))"
                )
            }
        }
        return reasons
    }

    // Statements that were signed since are missing there, as they are from a registry; what else writes a page of a forge
    // decides what it has.
    private func missingStatements(_ place: PublishedPlace) throws -> [String] {
        let there = Set(place.files.map(\.digest))
        return try store.attestations(about: place.digest).map { Digest.of($0.bytes) }.filter { !there.contains($0) }
            .map { "the signed statement \($0) is missing: \(Self.remedy(place))" }
    }

    private static func remedy(_ place: PublishedPlace) -> String {
        "`bindery publish \(place.subject) --to \(place.place)` sends it"
    }

    // What was published, as it is here; nil where it isn't here any more.
    private func published(_ place: PublishedPlace) throws -> (any ImageSource)? {
        do {
            if let release = try? ReleaseKey(parsing: place.subject) {
                return try ReleaseSource(store: store, release: release)
            }
            return try StoreSource(store: store, manifest: place.digest)
        } catch let error as TransportError where error.isNothingThere {
            return nil
        } catch let error as StoreError where error.kind == .notFound {
            return nil
        }
    }

    // A page that something else writes: what was there, and what came since.
    private func forge(_ place: PublishedPlace, _ page: ForgePage) throws -> [String] {
        let web = web.asked(by: page.address)
        let assets = try page.assets(web)
        let byName = Dictionary(assets.map { ($0.name, $0) }) { first, _ in first }
        var reasons = try files(place) { recorded in
            guard let asset = byName[recorded.name] else { return nil }
            return try file(recorded, at: asset.address, web, state: asset.state)
        }
        let known = Set(place.files.map(\.name))
        let artifacts = try (try? ReleaseKey(parsing: place.subject)).map { try store.artifacts(of: $0) } ?? []
        let check = AssetCheck(artifacts, page: [])
        for asset in assets where !known.contains(asset.name) {
            switch try check.read(asset, web).result {
            case .released, .holds: continue
            case .other: reasons.append("\(asset.name) came since, and is none of the release's files")
            case .differs(let reason): reasons.append(reason)
            }
        }
        return reasons
    }

    // A server that says that nothing has changed is believed for a time.
    private func file(
        _ file: PublishedPlace.File,
        at address: String,
        _ web: WebFiles,
        state told: String? = nil
    ) throws -> Digest? {
        let state = reads == nil ? nil : told ?? (try? web.state(address))
        if let state, reads?.has(file.digest, at: address, state: state) == true { return file.digest }
        let found = try WebDigest.read(address, web, limit: file.size)
        if let state, found == file.digest { reads?.note(file.digest, at: address, state: state) }
        return found
    }

    private func files(
        _ place: PublishedPlace,
        _ read: (PublishedPlace.File) throws -> Digest?
    ) throws -> [String] {
        var reasons: [String] = []
        for file in place.files {
            do {
                switch try read(file) {
                case file.digest: continue
                case nil: reasons.append("\(file.name) is missing")
                case let found?: reasons.append("\(file.name) has other bytes: \(found), not \(file.digest)")
                }
            } catch let error as TransportError where error.isIntegrity {
                reasons.append("\(file.name) has other bytes: \(error)")
            }
        }
        return reasons
    }
}
