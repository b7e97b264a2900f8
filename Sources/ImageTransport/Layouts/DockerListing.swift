import ContentAddress
import OCI

/// A docker archive's `manifest.json`: its images, each with the path of its config and those of its layers (Docker
/// image specification 1.2).
struct DockerListing: Sendable {
    /// One image.
    struct Item: Decodable, Hashable, Sendable {
        /// The path of its config.
        let config: String
        let names: [String]
        /// The paths of its layers, lowest first.
        let layers: [String]

        private enum CodingKeys: String, CodingKey {
            case config = "Config"
            case repoTags = "RepoTags"
            case layers = "Layers"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            config = try container.decode(String.self, forKey: .config)
            names = try container.decodeIfPresent([String].self, forKey: .repoTags) ?? []
            layers = try container.decodeIfPresent([String].self, forKey: .layers) ?? []
        }
    }

    /// The images.
    let items: [Item]
    /// Why readers take different images from it.
    let ambiguities: [TransportError]

    /// Reads the listing of an archive.
    init(_ index: TarIndex) throws(TransportError) {
        let what = "\(index.path): manifest.json"
        let reading: DocumentReading<[Item]>
        let bytes = try index.bytes(of: "manifest.json")
        do throws(OCIError) {
            reading = try DocumentReading(bytes, as: .archiveListing, what: what)
        } catch {
            throw TransportError(error)
        }
        items = reading.value
        var ambiguities = reading.ambiguity.map { [TransportError($0)] } ?? []
        var named: [String: Item] = [:]
        for item in items {
            for name in Set(item.names.map(Self.fullName)).sorted() {
                guard let other = named.updateValue(item, forKey: name) else { continue }
                // Docker takes the last of them, skopeo the first.
                guard other.config != item.config || other.layers != item.layers else { continue }
                ambiguities.append(.ambiguousDocument(what: what, reason: "'\(name)' stands for two images"))
            }
        }
        self.ambiguities = ambiguities
    }

    /// The images that a reference may mean; all of them for none.
    func candidates(_ reference: String?) -> [Item] {
        guard let reference else { return items }
        let wanted = [reference, reference + ":latest", "localhost/" + reference]
        let full = Self.fullName(reference)
        return items.filter { $0.names.contains { wanted.contains($0) || Self.fullName($0) == full } }
    }

    /// The name that a name is short for: with Docker Hub and `latest`, where others are missing.
    static func fullName(_ text: String) -> String {
        (try? ImageReference(parsing: text))?.fullName ?? text
    }
}
