import ArtifactStore
import ContentAddress
import OCI

/// What records say of the image or index with a digest.
///
/// An index is spoken for by what was read of all its platforms, in one audit or in several; a platform's manifest by
/// whatever audit it was part of, and of nothing but itself.
enum GateRecord {
    /// Nothing was recorded.
    case none
    /// The image was damaged when it was audited.
    case damaged
    /// It was audited by rules that aren't accepted.
    case otherRules(Int)
    /// Not all platforms of the index were read.
    case partly(read: [String], missing: [String])
    /// The record lacks what a verdict needs.
    case tooLittle
    /// The audit as it is against what the store holds now, and the oldest rules that it rests on.
    case evaluated(ImageAudit, rules: Int)

    static func find(_ digest: Digest, in store: Store, oldestRules: Int) throws -> GateRecord {
        let accepted = oldestRules...AuditRules.current
        let own = try store.recordedAudit(of: digest)
        guard let recorded = try own ?? store.recordedAudit(with: digest) else { return .none }
        guard accepted.contains(recorded.rules) else { return .otherRules(recorded.rules) }
        // A part of a damaged index was recorded only if it was sound itself.
        guard own == nil || recorded.verdict != nil else { return .damaged }
        guard var basis = try RecordEvaluator.basis(of: recorded) else { return .tooLittle }

        let members = own == nil ? basis.images.map(\.member).filter { $0.manifest == digest } : basis.allMembers
        var rules = recorded.rules
        var read: [String] = []
        var missing: [String] = []
        for member in members {
            guard let part = try store.recordedPart(member.manifest) else {
                missing.append(member.claimed ?? member.manifest.short)
                continue
            }
            guard accepted.contains(part.rules) else { return .otherRules(part.rules) }
            rules = min(rules, part.rules)
            read.append(member.claimed ?? part.platform)
        }
        guard missing.isEmpty, !members.isEmpty else { return .partly(read: read, missing: missing) }

        var policies: [String] = []
        if own == nil {
            basis = basis.alone(members)
        } else {
            for member in members where !basis.images.contains(where: { $0.manifest == member.manifest }) {
                guard let other = try store.recordedAudit(with: member.manifest) else { return .tooLittle }
                guard accepted.contains(other.rules) else { return .otherRules(other.rules) }
                guard let more = try RecordEvaluator.basis(of: other) else { return .tooLittle }
                rules = min(rules, other.rules)
                basis.expected += more.expected.filter { !basis.expected.contains($0) }
                basis.bases += more.bases.filter { !basis.bases.contains($0) }
                if let policy = more.policy, policy != basis.policy { policies.append(policy) }
            }
            basis = basis.whole(members)
        }
        guard var audit = try RecordEvaluator(store: store).audit(digest, reference: recorded.reference, basis) else {
            return .tooLittle
        }
        for text in Set(policies).sorted() { audit = try audit.held(to: Policy(parsing: text), store: store) }
        return .evaluated(audit, rules: rules)
    }
}

extension AuditBasis.AuditedManifest {
    fileprivate var member: IndexReading.Member { IndexReading.Member(manifest: manifest, claimed: claimed) }
}

extension AuditBasis {
    // Records of rules 1 name what was read, and only whole ones name all.
    fileprivate var allMembers: [IndexReading.Member] {
        members ?? (platform == nil ? images.map(\.member) : [])
    }

    /// The same with all manifests of the index, whichever audit read them.
    fileprivate func whole(_ members: [IndexReading.Member]) -> AuditBasis {
        with(images: members, mediaType: mediaType, platform: nil)
    }

    /// What is known of one platform's manifest by itself.
    ///
    /// Nobody who asks for the manifest reads the index above it.
    fileprivate func alone(_ members: [IndexReading.Member]) -> AuditBasis {
        let own = members.prefix(1)
        var basis = with(images: Array(own), mediaType: MediaType.imageManifest, platform: platform)
        if mediaType != basis.mediaType {
            basis.findings = findings.filter { $0.finding.platform == own.first?.claimed }
            basis.doubts = basis.findings.map(\.finding).doubts
        }
        basis.members = nil
        return basis
    }

    private func with(images members: [IndexReading.Member], mediaType: String, platform: String?) -> AuditBasis {
        var basis = AuditBasis(
            mediaType: mediaType,
            attestations: attestations,
            images: members.map { AuditedManifest(manifest: $0.manifest, claimed: $0.claimed, base: nil) },
            findings: findings,
            expected: expected,
            platform: platform,
            bases: bases
        )
        (basis.members, basis.documents, basis.doubts) = (self.members, documents, doubts)
        (basis.policy, basis.isPolicyBroken) = (policy, isPolicyBroken)
        return basis
    }
}
