/// What an endpoint was seen to do.
package struct EndpointReport: Equatable, Sendable {
    /// What came of a check.
    package enum Result: String, Sendable {
        case yes, no, unknown
    }

    /// One thing that was tried.
    package struct Check: Equatable, Sendable {
        package let name: Name
        package let result: Result
        /// What was seen, in a person's words.
        package let detail: String
    }

    /// What is tried, in this order; the names stand in `--json`.
    package enum Name: String, CaseIterable, Sendable {
        case readAfterWrite = "read-after-write"
        case checksums
        case signedBodies = "signed-bodies"
        case storedChecksums = "stored-checksums"
        case ranges
        case list
        case multipart
        case partChecksums = "part-checksums"
        case abort
        case conditionalPut = "conditional-put"
        case conditionalMultipart = "conditional-multipart"
        case presignedGet = "presigned-get"
        case authentication
        case lifecycle
        case versions

        /// Whether blobs can't be kept where the answer is no.
        package var isRequired: Bool {
            switch self {
            case .readAfterWrite, .checksums, .ranges, .list, .multipart, .abort, .lifecycle: true
            case .signedBodies, .storedChecksums, .partChecksums, .conditionalPut, .conditionalMultipart,
                .presignedGet, .authentication, .versions:
                false
            }
        }
    }

    package let checks: [Check]

    /// The checks whose answer is no though blobs need them.
    package var unmet: [Check] { checks.filter { $0.name.isRequired && $0.result == .no } }
}
