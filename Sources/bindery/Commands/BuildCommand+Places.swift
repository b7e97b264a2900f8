import ArtifactStore
import ContentAddress
import ImageAssembler
import ImageTransport
import OCI
import Printable

extension BuildCommand {
    /// Where the image is written, and how the call says it.
    struct Place {
        let text: String
        let location: ImageLocation

        init(text: String, location: ImageLocation) {
            (self.text, self.location) = (text, location)
        }

        init(pushing reference: ImageReference) {
            self.init(text: "docker://\(reference)", location: BuildCommand.registry(reference))
        }
    }

    /// Writes the image to each place, one after the other.
    func write(_ image: BuiltImage, to places: [Place], _ store: Store) throws {
        guard !places.isEmpty else { return }
        let total = image.parts.flatMap(\.layers).map(\.descriptor.size).reduce(0, &+)
        let progress = Progress("writing", total: total)
        defer { progress.finish() }
        let name = try tag.first?.repository ?? RepositoryName(parsing: "image")
        let source = try StoreSource(store: store, reference: ImageReference(repository: name, digest: image.digest))
        let outline = try ImageOutline(of: source)
        let registries = registry.access
        for (number, place) in places.enumerated() {
            do {
                let destination = try ImageDestinations.open(
                    place.location,
                    reference: tag.first,
                    further: Array(tag.dropFirst()),
                    registries: registries
                )
                let found = referrers.find(for: outline, in: source, to: destination)
                try ImageCopy.run(from: source, to: destination, outline: outline, referrers: found) {
                    progress.add($0)
                }
            } catch {
                progress.finish()
                let written = places[..<number].map(\.text).joined(separator: ", ")
                Output.line(
                    onError:
                        "bindery: \(place.text) wasn't written; the image is in the store as \(image.digest.description)"
                        + (written.isEmpty ? "" : ", and was written to \(written)")
                )
                throw error
            }
        }
    }
}
