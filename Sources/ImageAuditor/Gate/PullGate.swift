public import ArtifactStore
public import ContentAddress
internal import ImageTransport
internal import OCI

/// Says of an image that is about to be pulled whether it may be, from what audits recorded.
///
/// Whoever pulls waits a few seconds at most, so no registry is asked: images are audited in the pipeline that pushes
/// them, and the machines that run them have the store, or a copy of it.
public struct PullGate: Sendable {
    /// The answer and its reason, in one line.
    public struct Judgement: Sendable, Hashable {
        /// Whether it may be pulled.
        public let isAllowed: Bool
        /// Why, for people.
        public let reason: String

        /// An answer with its reason.
        public init(isAllowed: Bool, reason: String) {
            self.isAllowed = isAllowed
            self.reason = reason
        }
    }

    private let store: Store
    private let policy: Policy?
    private let isExact: Bool

    /// A gate that demands the verdict `contains`, or `exact`, and a policy.
    public init(store: Store, policy: Policy? = nil, isExact: Bool = false) {
        self.store = store
        self.policy = policy
        self.isExact = isExact
    }

    /// Judges the image or index with a digest; one that the store holds and that wasn't audited is audited there.
    ///
    /// Throws ``AuditError`` where nothing can be said; that is a no.
    public func judge(_ digest: Digest) throws(AuditError) -> Judgement {
        let found = try AuditRenewal(store: store).audit(of: digest)
        let known: ImageAudit? = if let found { found } else { try stored(digest) }
        guard var audit = known else {
            return Judgement(isAllowed: false, reason: "\(digest.short) was not audited")
        }
        if let policy {
            do { audit = try audit.held(to: policy, store: store) } catch { throw .store(error) }
        }
        return judge(audit)
    }

    private func judge(_ audit: ImageAudit) -> Judgement {
        let word = audit.verdict?.rawValue ?? "damaged"
        let releases = Set(audit.platforms.flatMap(\.releases)).map(\.description).sorted().joined(separator: ", ")
        let isGoodEnough = audit.verdict?.isAcceptable(exact: isExact) == true
        let worst = audit.allFindings.filter { $0.code == .policy || !isGoodEnough }.max { $0.severity < $1.severity }
        let isAllowed = audit.isAcceptable(exact: isExact)
        var parts = [releases.isEmpty ? word : "\(word): \(releases)"]
        if let worst, !isAllowed {
            let place = worst.path.map { "\($0): " } ?? ""
            parts.append("\(worst.code.rawValue) \(place)\(worst.message)")
        }
        return Judgement(isAllowed: isAllowed, reason: parts.joined(separator: "; "))
    }

    private func stored(_ digest: Digest) throws(AuditError) -> ImageAudit? {
        let source: StoreSource
        do {
            source = try StoreSource(
                store: store,
                reference: ImageReference(repository: RepositoryName(parsing: "image"), digest: digest)
            )
        } catch let error as TransportError {
            guard case .notFound = error else { throw .transport(error) }
            return nil
        } catch {
            throw .record("\(error)")
        }
        return try Auditor(store: store).audit(source)
    }
}
