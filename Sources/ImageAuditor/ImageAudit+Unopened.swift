package import ImageTransport

extension ImageAudit {
    /// The audit of an image that can't be opened, since its archive or its top document is damaged, can be read in two
    /// ways, or costs more to read than it may.
    ///
    /// There is no digest to record it by. Throws the error where the image isn't what is wrong.
    package static func unopened(
        _ reference: String,
        _ error: TransportError
    ) throws(TransportError) -> ImageAudit {
        guard error.isIntegrity else { throw error }
        let finding = Finding(error.findingCode, "\(error)")
        return ImageAudit(
            reference: reference,
            digest: nil,
            mediaType: nil,
            platforms: [],
            findings: [finding],
            attestationCount: 0,
            verdict: [finding].doubts.verdict(.unknown),
            basis: AuditBasis(
                mediaType: "",
                attestations: 0,
                images: [],
                findings: [],
                expected: [],
                platform: nil,
                bases: []
            ),
            event: 0
        )
    }
}
