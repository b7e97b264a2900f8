import ArtifactStore
import OCI
import Printable
import Release

/// Whether releases may leave the store unsealed: refused where the store says so, and warned of where earlier ones of
/// the name were sealed.
enum SealRule {
    static func check(_ releases: [ReleaseKey], in store: Store) throws {
        let isRequired = try store.requiresSeal()
        for release in releases where try store.seal(of: release) == nil {
            guard !isRequired else { throw Unsealed(release: release) }
            guard try !store.seals(of: release.name).isEmpty, try store.draft(of: release).isEmpty else { continue }
            Output.warning("\(release) is not sealed, and other releases of \(release.name.text) are")
        }
    }

    private struct Unsealed: FailureWithStatus, CustomStringConvertible {
        let release: ReleaseKey
        var description: String {
            """
            \(release) is not sealed, and this store takes sealed releases only
            `bindery seal \(release)` completes it.
            """
        }
        var exitStatus: ExitStatus { .conflict }
    }
}
