package import ArtifactStore
package import ContentAddress
import ImageTransport
import OCI
import Release

/// Says of an image that is about to be pulled whether it may be, from what audits recorded.
///
/// Whoever pulls waits a few seconds at most, so no registry is asked: images are audited in the pipeline that pushes
/// them, and the machines that run them have the store, or a copy of it.
package struct PullGate: Sendable {
    private let store: Store
    private let policy: Policy?
    private let isExact: Bool
    private let oldestRules: Int

    /// A gate that demands the verdict `contains`, or `exact`, and a policy.
    ///
    /// Records count that were made by the present rules; with `acceptedRules` those of that version and later ones,
    /// too.
    package init(store: Store, policy: Policy? = nil, isExact: Bool = false, acceptedRules: Int? = nil) {
        self.store = store
        self.policy = policy
        self.isExact = isExact
        oldestRules = min(acceptedRules ?? AuditRules.current, AuditRules.current)
    }

    /// Evaluates the image or index with a digest.
    ///
    /// A small one that the store holds and that wasn't audited is audited there. Throws ``AuditError`` where nothing
    /// can be said; that is a no.
    package func evaluate(_ digest: Digest) throws(AuditError) -> GateAnswer {
        switch try AuditError.translating({ try GateRecord.find(digest, in: store, oldestRules: oldestRules) }) {
        case .none:
            guard let audit = try stored(digest) else { return no("\(digest.short) was not audited") }
            return try answer(on: audit)
        case .damaged: return no("damaged when it was audited")
        case .tooLittle: return no("\(digest.short): too little was recorded of it; run `bindery audit` again")
        case .otherRules(let rules):
            let age = rules < AuditRules.current ? "older" : "newer"
            let remedy = rules < AuditRules.current ? "run `bindery reaudit --stale`" : "update this program"
            return no(
                "\(digest.short) was audited by \(age) rules (\(rules), these are \(AuditRules.current)): \(remedy)"
            )
        case .partly(let read, let missing):
            let words = read.isEmpty ? "nothing of it was" : "\(read.joined(separator: ", ")) was"
            return no("\(digest.short) was partly audited: \(words) read, \(missing.joined(separator: ", ")) was not")
        case .evaluated(let audit, let rules):
            let answer = try answer(on: audit)
            guard rules != AuditRules.current else { return answer }
            let remark = "; audited by older rules (\(rules)), which --accept-rules accepts"
            return GateAnswer(isAllowed: answer.isAllowed, reason: answer.reason + remark)
        }
    }

    private func no(_ reason: String) -> GateAnswer { GateAnswer(isAllowed: false, reason: reason) }

    private func answer(on audit: ImageAudit) throws(AuditError) -> GateAnswer {
        var audit = audit
        if let policy {
            do { audit = try audit.held(to: policy, store: store) } catch { throw .store(error) }
        }
        let word = audit.verdict?.rawValue ?? "damaged"
        let releases = Set(audit.platforms.flatMap(\.releases)).inOrder().map(\.description).joined(separator: ", ")
        let isGoodEnough = audit.verdict?.isAcceptable(exact: isExact) == true
        let worst = audit.allFindings.filter { $0.code.isRefused || !isGoodEnough }.max { $0.severity < $1.severity }
        let isAllowed = audit.isAcceptable(exact: isExact)
        var parts = [releases.isEmpty ? word : "\(word): \(releases)"]
        let told = isAllowed ? audit.allFindings.first { $0.code == .revoked } : worst
        if let told {
            let place = told.path.map { "\($0): " } ?? ""
            parts.append("\(told.code.rawValue) \(place)\(told.message)")
        }
        return GateAnswer(isAllowed: isAllowed, reason: parts.joined(separator: "; "))
    }

    // containerd waits for ten seconds; a core reads so many uncompressed bytes in fewer.
    private static let largestSize: Int64 = 1 << 30

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
        var options = AuditOptions()
        options.largestSize = Self.largestSize
        return try Auditor(store: store, options: options).audit(source)
    }
}
