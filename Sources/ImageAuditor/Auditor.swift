import Archive
package import ArtifactStore
import ContentAddress
import ImageFileSystem
package import ImageTransport
import OCI
import Release
import SystemIO

/// Says of an image which released binaries are in it, from its bytes.
///
/// For each platform the layers are streamed once, bottom to top, folded into the file system that a container would
/// see, and each file's digest is looked up in the store. Blocks; several audits may run at once.
package struct Auditor: Sendable {
    private let store: Store
    private let options: AuditOptions

    /// An auditor against a store.
    package init(store: Store, options: AuditOptions = AuditOptions()) {
        self.store = store
        self.options = options
    }

    /// Audits an image or index.
    ///
    /// What is wrong in the image becomes a ``Finding``. Throws ``AuditError`` when the image can't be opened or read
    /// at all, the store can't be asked, an expected release is in no store, or the index lacks the platform asked for.
    package func audit(_ source: any ImageSource) throws(AuditError) -> ImageAudit {
        do {
            return try run(source)
        } catch let error as AuditError {
            throw error
        } catch let error as TransportError {
            throw .transport(error)
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .transport(.document(what: source.name, reason: "\(error)"))
        }
    }

    private func run(_ source: any ImageSource) throws -> ImageAudit {
        let event = try store.lastEvent()
        let root = try source.root()
        // Whether it is damaged or can be read in two ways is said by the reading below.
        if (try? root.isRelease()) == true { throw AuditError.release(source.name) }
        let children = try IndexReader.read(root, of: source, platform: options.platform)
        let found = children.findings + source.unread.map(Finding.init)
        var given = options
        given.bases += try KnownBase.all(in: store)
        given.budget = options.budget ?? WorkBudget(bytes: options.largestSize)
        let evaluator = PlatformEvaluator(
            store: store,
            names: ReleasedNames(try store.releasedFileNames()),
            options: given
        )
        let platforms = try Parallel.map(children.images, width: options.width) { child in
            try Self.audit(child, source, evaluator)
        }
        let documents = children.documents + platforms.filter { $0.manifest != $0.config }.map(\.config)
        var basis = AuditBasis(
            mediaType: root.mediaType,
            attestations: children.attestationCount,
            images: platforms.map {
                AuditBasis.AuditedManifest(manifest: $0.manifest, claimed: $0.evidence.claimed, base: $0.base)
            },
            findings: found.map(RecordedFinding.init),
            expected: options.expected.map(\.description),
            platform: options.platform.map { "\($0)" },
            bases: options.bases
        )
        basis.largestSize = options.largestSize
        basis.members = children.members
        basis.documents = documents
        basis.doubts = found.doubts
        return try Self.sum(
            store,
            reference: source.name,
            digest: root.digest,
            platforms,
            basis,
            findings: found,
            expected: options.expected,
            event: event
        )
    }

    private static func audit(
        _ child: IndexReading.Child,
        _ source: any ImageSource,
        _ evaluator: PlatformEvaluator
    ) throws -> PlatformAudit {
        let (store, options) = (evaluator.store, evaluator.options)
        let capture = ProgramCapture(store: store, names: evaluator.names)
        var image = try ImageScanner.scan(child.document, of: source, options: options, programs: capture)
        image.takeVariant(of: child.claimed)
        if !image.doubts.contains(.damaged), let words = CommandLookup(image).doubt() {
            image.add(Finding(.unclearCommand, words))
        }
        if image.doubts.isEmpty {
            image.copies = try BaseCopySearch(store: store, options: options, names: evaluator.names).copies(in: image)
        }
        let matched = try FileMatcher(store: store, options: options).match(image)
        // Programs that a later layer hides have been read, too.
        let unknown = matched.unknown
        return try evaluator.evaluate(
            matched,
            claimed: child.claimed.map { "\($0)" },
            programs: capture.readings.filter { unknown.contains($0.key) }
        )
    }

    /// The audit of the whole, from those of its platforms.
    static func sum(
        _ store: Store,
        reference: String,
        digest: Digest,
        _ evaluated: [PlatformAudit],
        _ basis: AuditBasis,
        findings found: [Finding],
        expected: [ReleaseKey],
        event: Int64
    ) throws(StoreError) -> ImageAudit {
        let explanation = ReleaseExplanation(evaluated.flatMap(\.releasedContents), expected: expected)
        let platforms = evaluated.map { $0.explained(by: explanation) }
        var findings = found
        if MediaType.isIndex(basis.mediaType), basis.platform == nil {
            findings += try IndexEvaluator(store: store, platforms: platforms, explanation: explanation).findings()
        }
        var basis = basis
        findings += try store.revocationMarks().findings(onImage: digest, platforms)
        let all = findings + platforms.flatMap(\.findings)
        basis.isWithdrawn = all.contains(where: \.code.isWithdrawal) ? true : nil
        return ImageAudit(
            reference: reference,
            digest: digest,
            mediaType: basis.mediaType,
            platforms: platforms,
            findings: findings.sortedByWeight(),
            attestationCount: basis.attestations,
            verdict: sum(platforms, findings, basis.doubts ?? []),
            basis: basis,
            event: event
        )
    }

    // The whole is as good as its worst part; a part without anything released beside one with is a mismatch.
    private static func sum(_ platforms: [PlatformAudit], _ findings: [Finding], _ found: Doubt) -> Verdict? {
        let verdicts = platforms.map(\.verdict)
        var doubts = findings.doubts.union(found)
        if verdicts.contains(nil) { doubts.insert(.damaged) }
        if verdicts.contains(.ambiguous) { doubts.insert(.ambiguous) }
        if verdicts.contains(.incomplete) { doubts.insert(.incomplete) }
        return doubts.verdict(sum(verdicts, findings))
    }

    private static func sum(_ verdicts: [Verdict?], _ findings: [Finding]) -> Verdict {
        if findings.contains(where: { $0.code.isMismatch }) || verdicts.contains(.mismatch) { return .mismatch }
        if verdicts.isEmpty || verdicts.allSatisfy({ $0 == .unknown }) { return .unknown }
        if verdicts.contains(.unknown) { return .mismatch }
        return verdicts.contains(.contains) ? .contains : .exact
    }
}

extension Finding {
    /// What a source couldn't read.
    fileprivate init(_ unread: UnreadPath) {
        let path = FilePath(raw: unread.path)
        if unread.isOfNoImage {
            self.init(.leftOut, path: path, unread.reason)
        } else {
            self.init(.notRead, path: path, "it wasn't read: \(unread.reason)")
        }
    }
}

extension ScannedImage {
    // Builders write a variant into configs since 2020: what an index says beyond one without it is not a contradiction.
    fileprivate mutating func takeVariant(of claimed: Platform?) {
        guard !namesVariant, let claimed, let own = parsedPlatform, claimed.os == own.os,
            claimed.architecture == own.architecture
        else { return }
        parsedPlatform = claimed
        platform = "\(claimed)"
    }
}
