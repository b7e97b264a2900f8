package import ArtifactStore
import OCI
package import Printable
package import Release

/// Whether releases may leave the store unsealed: refused where the store says so, and warned of where earlier ones of
/// the name were sealed.
package enum SealRule {
    /// `warn` is told of releases whose earlier ones were sealed.
    package static func check(_ releases: [ReleaseKey], in store: Store, warn: (Message) -> Void) throws {
        let isRequired = try store.requiresSeal()
        for release in releases where try store.seal(of: release) == nil {
            guard !isRequired else { throw ProofError.unsealed(release) }
            guard try !store.seals(of: release.name).isEmpty, try store.draft(of: release).isEmpty else { continue }
            warn("\(release) is not sealed, and other releases of \(release.name.text) are")
        }
    }
}
