import ArtifactStore
import ImageTransport
import OCI
import Printable
import Release

extension BuildCommand {
    /// The tags named latest that this release may take.
    func latestReferences(_ store: Store) throws -> [ImageReference] {
        guard let release = build.releases.first else { return [] }
        var references: [ImageReference] = []
        for reference in try LatestTag.references(for: tag) {
            var outcome = try store.latestTag(reference, for: release)
            if push, outcome == .moves { outcome = try latestTag(inRegistry: reference, for: release, store) }
            switch outcome {
            case .moves: references.append(reference)
            case .staysForPreRelease:
                Output.note("bindery: \(reference) stays where it is: \(release) is a pre-release")
            case .staysForNewer(let newer): Output.note("bindery: \(reference) stays where it is: it is \(newer)")
            }
        }
        return references
    }

    static func registry(_ reference: ImageReference) -> ImageLocation { .registry(reference: "\(reference)") }

    private func latestTag(
        inRegistry reference: ImageReference,
        for release: ReleaseKey,
        _ store: Store
    ) throws -> LatestTag {
        do {
            let image = try ImageSources.open(Self.registry(reference), registries: registry.access)
            return try store.latestTag(heldBy: image, for: release)
        } catch TransportError.notFound {
            return .moves
        } catch {
            Output.note(
                "bindery: \(reference) in the registry can't be read: push without --tag-latest, or mend it there"
            )
            throw error
        }
    }
}
