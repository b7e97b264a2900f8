import ContentAddress
import ImageTransport
import OCI

/// What is at a place outside of the store: the parts of a bundle or layout, or the one image or release that a reference
/// names.
struct PlaceListing: Encodable {
    struct Part: Encodable {
        let name: String
        let kind: String
        let digest: Digest
        let mediaType: String
        let platforms: [String]
    }

    let place: String
    let parts: [Part]

    init(_ location: ImageLocation, registries: any RegistryAccess) throws {
        place = "\(location)"
        let names: [(name: String, location: ImageLocation)] =
            switch location {
            case .layout(let path, nil):
                try Self.parts(of: location).map { ($0 ?? "\(location)", .layout(path: path, tag: $0)) }
            case .layoutArchive(let path, nil) where path != "-":
                try Self.parts(of: location).map { ($0 ?? "\(location)", .layoutArchive(path: path, tag: $0)) }
            case .dockerArchive(let path, nil) where path != "-":
                try Self.images(of: location).map { ($0 ?? "\(location)", .dockerArchive(path: path, reference: $0)) }
            default: [("\(location)", location)]
            }
        parts = try names.map { name, location in
            let source = try ImageSources.open(location, registries: registries)
            let root = try source.root()
            let platforms = try IndexMembers.all(of: source).compactMap { $0.platform?.description }
            return Part(
                name: name,
                kind: try root.partKind().rawValue,
                digest: root.digest,
                mediaType: root.mediaType,
                platforms: platforms
            )
        }
    }

    // The names of a bundle's parts; nil alone for a layout of one image that has no name.
    private static func parts(of location: ImageLocation) throws(TransportError) -> [String?] {
        do {
            return try BundleSource(location).parts.map(\.name)
        } catch {
            guard case .unsuitable = error, (try? ImageSources.open(location).root()) != nil else { throw error }
            return [nil]
        }
    }

    // The names in a docker archive of several images; nil alone for one image.
    private static func images(of location: ImageLocation) throws(TransportError) -> [String?] {
        do {
            _ = try ImageSources.open(location)
            return [nil]
        } catch {
            guard case .ambiguous(_, let names) = error, !names.isEmpty else { throw error }
            return names
        }
    }

    func print() {
        var table = Table(
            [("NAME", .path), ("KIND", .left), ("PLATFORMS", .left), ("DIGEST", .left)],
            leftOut: ["DIGEST"]
        )
        for part in parts { table.add(part.name, part.kind, part.platforms.joined(separator: ", "), part.digest.shown) }
        table.print()
    }
}
