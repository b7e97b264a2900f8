import Archive
import ArtifactStore
import ImageAuditor
import ImageTransport
import Printable
import Proofs
import Release

/// How images are audited in one call: by what, against what, and whether it is kept.
struct AuditRun: Sendable {
    let store: Store
    var settings: AuditOptions
    let registries: any RegistryAccess
    let rules: (policy: Policy, text: String)?
    let isRecorded: Bool
    let required: RequiredAttestations?
    let summary: VerificationSummary?
    let advisories: AdvisoryCheck?

    /// Audits one image, and keeps the audit; an image that can't be opened has a verdict, too.
    ///
    /// Throws for an image that can't be read at all.
    func audit(_ image: String) throws -> ImageAudit {
        let (found, contents) = try read(image)
        var audit = found
        guard audit.digest != nil else { return audit }
        if let rules { audit = try audit.held(to: rules.policy, store: store, text: rules.text) }
        if isRecorded { try Recording.run(Warnings.unrecorded) { try store.recordAudit(AuditRecord(audit)) } }
        // Not recorded: what is asked of statements and advisories is this call's.
        audit = try required?.hold(audit, tell: Self.tell) ?? audit
        if let advisories, let contents { audit = advisories.hold(audit, contents, tell: Self.tell) }
        try summary?.add(audit, tell: Self.tell)
        return audit
    }

    private static func tell(_ text: String) { Output.note("bindery: \(printable(text))") }

    private func read(_ image: String) throws -> (ImageAudit, ContentRecord?) {
        guard advisories != nil else { return (try scan(image, nil), nil) }
        let (audit, contents) = try PackageCheck.audit { try scan(image, $0) }
        return (audit, contents)
    }

    private func scan(_ image: String, _ contents: ContentRecord?) throws -> ImageAudit {
        if let release = try? ReleaseKey(parsing: image) {
            throw UsageError(
                description:
                    "\(release) is a release, not an image: `bindery where \(release)` lists the images that hold it"
            )
        }
        let location = try ImageLocation(parsing: image)
        var settings = settings
        let budget = WorkBudget(bytes: settings.largestSize)
        settings.budget = budget
        settings.contents = contents
        do {
            let source = try ImageSources.open(location, store: store, registries: registries, budget: budget)
            return try Auditor(store: store, options: settings).audit(source)
        } catch let error as TransportError {
            return try ImageAudit.unopened(image, error)
        } catch AuditError.transport(let error) {
            return try ImageAudit.unopened(image, error)
        }
    }
}
