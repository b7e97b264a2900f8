package import Attestation

/// The predicates that commands know, and whose key signs them.
package enum PredicateType {
    package static let release = "https://in-toto.io/attestation/release/v0.1"
    package static let provenance = "https://slsa.dev/provenance/v1"
    static let earlierProvenance = "https://slsa.dev/provenance/v0.2"
    package static let spdx = "https://spdx.dev/Document"
    package static let verification = "https://slsa.dev/verification_summary/v1"
    package static let containment = "https://bindery.dev/predicates/containment/v1"
    /// The `buildType` of our provenance.
    static let buildType = "https://bindery.dev/build/v1"

    /// Whether it says how something was built.
    package static func isProvenance(_ type: String) -> Bool { type == provenance || type == earlierProvenance }

    /// The role of the key that signs a predicate: the release's for all that no other role has.
    package static func role(of type: String) -> KeyRole {
        switch type {
        case provenance, earlierProvenance, containment: .builder
        case verification: .audit
        default: .release
        }
    }
}
