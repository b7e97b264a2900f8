package import ContentAddress

/// The audit of an image, or of an index with all its platforms.
package struct ImageAudit: Sendable {
    /// The reference that was audited.
    package let reference: String
    /// The digest of the manifest or index; nil when the image couldn't be opened.
    package let digest: Digest?
    /// The document's media type; nil when the image couldn't be opened.
    package let mediaType: String?
    /// Each platform's audit, in the index's order.
    package let platforms: [PlatformAudit]
    /// What was found about the whole.
    package let findings: [Finding]
    /// How many attestation manifests the index has beside its images.
    package let attestationCount: Int
    /// The sum; nil when the image is damaged.
    package let verdict: Verdict?
    /// What must be recorded so that it can be evaluated again.
    let basis: AuditBasis
    /// The last event of the store that the verdict knew of.
    let event: Int64

    /// All findings, of the whole and of each platform.
    package var allFindings: [Finding] { findings + platforms.flatMap(\.findings) }

    /// Whether the image may pass: its verdict is good enough, no rule of the policy it was held to is broken, and no
    /// file is of a release that was withdrawn; with `strict`, nothing is an error.
    ///
    /// The one answer for the audit, the re-audit and the gate.
    package func isAcceptable(exact: Bool, strict: Bool = false) -> Bool {
        verdict?.isAcceptable(exact: exact) == true && !allFindings.contains(where: \.code.isRefused)
            && !(strict && hasErrors)
    }

    private var hasErrors: Bool { allFindings.contains { $0.severity == .error } }

    /// Whether its verdict is a good one, and something is an error all the same, such as a program that can't start.
    package var hidesErrors: Bool { verdict?.isAcceptable(exact: false) == true && hasErrors }

    /// The same audit of an image that goes by another reference.
    package func named(_ reference: String) -> ImageAudit {
        ImageAudit(
            reference: reference,
            digest: digest,
            mediaType: mediaType,
            platforms: platforms,
            findings: findings,
            attestationCount: attestationCount,
            verdict: verdict,
            basis: basis,
            event: event
        )
    }
}
