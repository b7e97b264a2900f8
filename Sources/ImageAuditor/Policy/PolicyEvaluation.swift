package import ArtifactStore
import ContentAddress
import ELF
import ImageFileSystem
import OCI
import Printable
import Release

extension ImageAudit {
    /// The same audit with a finding for each rule of a policy that the image breaks.
    ///
    /// The verdict stays: it says what is in the image, the policy what is wanted. Throws ``StoreError`` when the store
    /// can't be asked.
    ///
    /// `text` is the policy's, to be recorded with the audit so that it is held to the same rules when it is made
    /// again.
    package func held(to policy: Policy, store: Store, text: String? = nil) throws(StoreError) -> ImageAudit {
        let time = store.now
        let evaluation = PolicyEvaluation(policy: policy, store: store, time: time)
        var findings = evaluation.findings(on: self)
        var evaluated: [PlatformAudit] = []
        for platform in platforms {
            let broken = try evaluation.findings(on: platform).map { $0.on(platform.platform) }
            evaluated.append(platform.adding(broken))
        }
        findings += self.findings
        var basis = basis
        basis.policy = text
        let isBroken = findings.contains { $0.code == .policy } || evaluated.contains { $0.isPolicyBroken }
        basis.isPolicyBroken = text == nil ? nil : isBroken
        let ends = policy.ignoredFindings.filter { !$0.hasExpired(at: time) }.compactMap(\.end?.milliseconds)
        basis.policyEnd = text == nil ? nil : ends.min()
        return ImageAudit(
            reference: reference,
            digest: digest,
            mediaType: mediaType,
            platforms: evaluated,
            findings: findings.sortedByWeight(),
            attestationCount: attestationCount,
            verdict: verdict,
            basis: basis,
            event: event
        )
    }
}

extension PlatformAudit {
    fileprivate var isPolicyBroken: Bool { findings.contains { $0.code == .policy } }
}

/// Holds audits to a policy.
private struct PolicyEvaluation {
    let policy: Policy
    let store: Store
    let time: Timestamp

    func findings(on audit: ImageAudit) -> [Finding] {
        let present = Set(audit.platforms.map(\.platform))
        return policy.platforms.filter { !present.contains("\($0)") }.map {
            Finding(.policy, "platforms: \($0) is demanded and not there", expected: "\($0)")
        }
    }

    func findings(on platform: PlatformAudit) throws(StoreError) -> [Finding] {
        guard platform.verdict != nil else { return [] }
        var findings = FindingList(verdict(platform) + releases(platform) + base(platform))
        findings.add(paths(platform))
        for finding in platform.findings where policy.deniedFindings.contains(finding.code) {
            let ignored = acceptance(of: finding.code, at: finding.path)
            guard !ignored.isAccepted else { continue }
            findings.add(
                Finding(
                    .policy,
                    layer: finding.layer,
                    path: finding.path,
                    "deny-findings: \(finding.code.rawValue), \(finding.message)\(ignored.remark)",
                    found: finding.code.rawValue
                )
            )
        }
        if policy.refusesSetID {
            // Also on files of the base, which the audit itself doesn't find fault with.
            for file in platform.files where file.kind == .file && file.mode & 0o6000 != 0 {
                let ignored = acceptance(of: .setID, at: file.path)
                guard !ignored.isAccepted else { continue }
                findings.add(
                    Finding(
                        .policy,
                        layer: file.layer,
                        path: file.path,
                        "set-id: its mode is \(FileMode.text(file.mode))\(ignored.remark)"
                    )
                )
            }
        }
        if policy.staticOnly { findings.add(try linkage(platform)) }
        return findings.all
    }

    // Whether a refused finding is accepted, and what is said of an acceptance that has ended.
    private func acceptance(of code: FindingCode, at path: FilePath?) -> (isAccepted: Bool, remark: String) {
        let fitting = policy.ignoredFindings.filter { $0.fits(code, path) }
        guard fitting.allSatisfy({ $0.hasExpired(at: time) }) else { return (true, "") }
        guard let last = fitting.max(by: { $0.until ?? "" < $1.until ?? "" }), let until = last.until else {
            return (false, "")
        }
        return (false, "; it was accepted until \(until): \(printable(last.reason))")
    }

    private func verdict(_ platform: PlatformAudit) -> [Finding] {
        guard platform.verdict != .exact else { return [] }
        guard let found = platform.verdict, found == .contains else {
            let word = platform.verdict?.rawValue ?? "damaged"
            return [Finding(.policy, "verdict: \(policy.verdict.rawValue) is demanded, it is \(word)", found: word)]
        }
        guard policy.verdict == .exact else { return [] }
        let further = platform.files.filter { file in
            file.identity.isUnknown && !policy.allowedPaths.contains { $0.matches(file.path) }
        }
        let base = platform.findings.filter { $0.code == .baseChanged }
        // A handful shows what is meant; the list of files has the rest.
        return further.prefix(20).map {
            Finding(.policy, layer: $0.layer, path: $0.path, "verdict: exact is demanded, and no release has this file")
        }
            + base.prefix(20).map {
                Finding(
                    .policy,
                    layer: $0.layer,
                    path: $0.path,
                    "verdict: exact is demanded, and the base is changed here"
                )
            }
    }

    private func releases(_ platform: PlatformAudit) -> [Finding] {
        // What the base has of a release is there, too.
        let present = Set(platform.releases.map(\.name)).union(platform.files.flatMap { $0.artifacts.map(\.key.name) })
        var findings = policy.requiredNames.filter { !present.contains($0) }.map {
            Finding(.policy, "releases: \($0) is demanded and not there", expected: $0.text)
        }
        for (name, releases) in Dictionary(grouping: platform.releases, by: \.name).sorted(by: { $0.key < $1.key }) {
            guard let minimum = policy.minimumVersions[name] else { continue }
            // Bytes that belong to several releases are those of the latest one, too.
            guard !releases.contains(where: { $0.version.isAtLeast(minimum) == true }) else { continue }
            let list = releases.map(\.version.text).joined(separator: ", ")
            findings.append(
                Finding(
                    .policy,
                    "minimum-versions: \(name) is \(list), \(minimum) is the oldest accepted",
                    found: list,
                    expected: minimum.text
                )
            )
        }
        return findings
    }

    private func paths(_ platform: PlatformAudit) -> some Sequence<Finding> {
        platform.files.lazy.compactMap { file in
            guard let pattern = policy.deniedPaths.first(where: { $0.matches(file.path) }) else { return nil }
            return Finding(.policy, layer: file.layer, path: file.path, "deny-paths: nothing may be at \(pattern)")
        }
    }

    private func base(_ platform: PlatformAudit) -> [Finding] {
        guard let allowed = policy.bases else { return [] }
        var others: [KnownBase] = []
        if let base = platform.base, platform.baseDigests.isDisjoint(with: allowed) { others.append(base) }
        others += platform.copiedBases.filter { forms in allowed.allSatisfy { !forms.map(\.digest).contains($0) } }
            .compactMap(\.first)
        return others.map {
            Finding(.policy, "bases: \($0.name) is not among those allowed", found: $0.digest.description)
        }
    }

    // A program's own words: those of released ones are in the store, those of others the audit has read.
    private func linkage(_ platform: PlatformAudit) throws(StoreError) -> [Finding] {
        var findings: [Finding] = []
        for file in platform.files where file.isELF {
            guard let digest = file.digest else { continue }
            let stored = try store.binaryFacts(of: digest)?.elf
            guard let elf = stored ?? platform.programs[digest]?.facts?.elf else {
                guard !file.identity.isBase else { continue }
                findings.append(Finding(.policy, layer: file.layer, path: file.path, "linkage: it was not looked into"))
                continue
            }
            guard elf.type == .executable, elf.linkage == .dynamic else { continue }
            findings.append(
                Finding(
                    .policy,
                    layer: file.layer,
                    path: file.path,
                    "linkage: static is demanded, it is loaded by \(elf.interpreter ?? "a dynamic linker")"
                )
            )
        }
        return findings
    }
}
