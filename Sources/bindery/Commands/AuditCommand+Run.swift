import ArtifactStore
import Attestation
import CBuildVersion
import ImageAuditor
import ImageTransport
import Proofs
import SBOM

extension AuditCommand {
    /// By what, and against what, the images are audited.
    func auditRun(_ store: Store, _ progress: Progress) throws -> AuditRun {
        var settings = AuditOptions()
        settings.expected = expect
        settings.platform = platform
        settings.largestSize = maxSize
        settings.readings = LayerReadings(store: store, version: String(cString: build_version()))
        settings.progress = { progress.add($0) }
        let registries = registry.access
        let rules = try (policy ?? Project.current?.policy).map { try PolicyFile.read($0) }
        for reference in base { settings.bases += try KnownBase.read(reference, store: store, registries: registries) }
        return AuditRun(
            store: store,
            settings: settings,
            registries: registries,
            rules: rules,
            isRecorded: store.isWritable,
            required: requireAttestation.isEmpty
                ? nil
                : try RequiredAttestations(
                    requireAttestation,
                    trust: trust,
                    files: attestation,
                    in: store,
                    at: StoreOptionGroup.now
                ),
            summary: try summary(rules?.text, store),
            advisories: try advisories(store)
        )
    }

    private func summary(_ policy: String?, _ store: Store) throws -> VerificationSummary? {
        guard attest else { return nil }
        guard let signer = try signing.signer(as: .audit) else {
            throw UsageError(description: "there is no key: give --key or --signer, or set BINDERY_AUDIT_KEY")
        }
        try signer.checkRole(.audit, in: store, warn: Output.warning)
        let named = try verifierID ?? EnvironmentVariable.uri("BINDERY_VERIFIER_ID")
        return VerificationSummary(
            signer: signer,
            verifier: named ?? VerificationSummary.localVerifier,
            directory: attestTo,
            exact: exact,
            strict: strict,
            policy: policy,
            store: store
        )
    }

    private func advisories(_ store: Store) throws -> AdvisoryCheck? {
        var database: AdvisoryDatabase?
        for path in osv { try AdvisoryFile.read(path, into: &database) }
        return database.map { AdvisoryCheck(database: $0, isPartial: partial, store: store) }
    }
}
