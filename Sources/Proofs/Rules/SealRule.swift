package import ArtifactStore
import OCI
package import Printable
package import Release

/// Whether releases may leave the store unsealed: refused where the store says so, and warned of where earlier ones of
/// the name were sealed, and where files were removed since.
package enum SealRule {
    /// `warn` is told of releases whose earlier ones were sealed, and of sealed ones that lack files.
    package static func check(_ releases: [ReleaseKey], in store: Store, warn: (Message) -> Void) throws {
        let isRequired = try store.requiresSeal()
        for release in releases {
            if let seal = try store.seal(of: release) {
                let artifacts = try store.artifacts(of: release)
                guard !artifacts.isEmpty, try ReleaseStatement(release, artifacts).release != seal.digest else {
                    continue
                }
                warn("\(release) lacks files that were removed since it was sealed, and is not what was signed")
                continue
            }
            guard !isRequired else { throw ProofError.unsealed(release) }
            guard try !store.seals(of: release.name).isEmpty, try store.draft(of: release).isEmpty else { continue }
            warn("\(release) is not sealed, and other releases of \(release.name.text) are")
        }
    }
}
