import Archive
import JSON
import OCI

/// The three questions that are asked of a container engine (Docker Engine API, "Export an image", "Export a
/// container", "Inspect a container").
struct ContainerEngine {
    let endpoint: EngineEndpoint
    var patience = Patience.engine
    /// What the engine's answers may cost.
    var budget = WorkBudget()

    /// What `docker save REF` gives, as an image source.
    ///
    /// The answer can't be read twice, so it goes through a file.
    func image(_ reference: String) throws(TransportError) -> DockerArchiveSource {
        let name = "docker-daemon:\(reference)"
        let response = try get("/images/\(try escaped(reference))/get", what: "image '\(reference)'", place: name)
        let file = try Spool.copy(response, what: name, budget: budget, as: .copied)
        budget.earn(try file.size)
        budget.stopEarning()
        return try DockerArchiveSource(
            TarIndex(file, path: name, budget: budget),
            reference: nil,
            name: name,
            budget: budget
        )
    }

    /// What a container sees, running or not: its files as they are now, and what it was started with.
    func container(_ id: String) throws(TransportError) -> SingleLayerSource {
        let name = "docker-container:\(id)"
        let place = try escaped(id)
        let what = "container '\(id)'"
        let description = try decodeDocument(
            Container.self,
            document("/containers/\(place)/json", what: what, place: name),
            as: .other,
            "the description of \(what)"
        )
        let image = try decodeDocument(
            Image.self,
            document(
                "/images/\(try escaped(description.image))/json",
                what: "image '\(description.image)'",
                place: name
            ),
            as: .other,
            "the description of the image of \(what)"
        )
        let platform: Platform
        do {
            let variant = image.variant?.isEmpty == true ? nil : image.variant
            platform = try Platform(os: image.os, architecture: image.architecture, variant: variant)
        } catch {
            throw .document(what: "the description of the image of \(what)", reason: "\(error)")
        }
        let response = try get("/containers/\(place)/export", what: what, place: name)
        return try SingleLayerSource(
            Spool.copy(response, what: name, budget: budget, as: .copied),
            platform: platform,
            execution: description.config,
            name: name,
            // The engine's export has an empty directory where a container sees a volume's files.
            unread: (description.mounts ?? []).compactMap(\.destination).map { path in
                UnreadPath(path: Array(path.utf8.drop { $0 == UInt8(ascii: "/") }), reason: "a volume is mounted there")
            }
        )
    }

    private struct Container: Decodable {
        let image: String
        let config: ImageConfig.Execution
        let mounts: [Mount]?

        struct Mount: Decodable {
            let destination: String?

            enum CodingKeys: String, CodingKey {
                case destination = "Destination"
            }
        }

        enum CodingKeys: String, CodingKey {
            case image = "Image"
            case config = "Config"
            case mounts = "Mounts"
        }
    }

    private struct Image: Decodable {
        let os: String
        let architecture: String
        let variant: String?

        enum CodingKeys: String, CodingKey {
            case os = "Os"
            case architecture = "Architecture"
            case variant = "Variant"
        }
    }

    private func document(_ path: String, what: String, place: String) throws(TransportError) -> [UInt8] {
        let response = try get(path, what: what, place: place)
        let limit = Int(ImageDocument.largestSize)
        let bytes = try readBytes(response, count: limit)
        guard bytes.count < limit else { throw .tooLarge(what: what, size: Int64(limit), limit: Int64(limit)) }
        return bytes
    }

    private func get(_ path: String, what: String, place: String) throws(TransportError) -> EngineResponse {
        let response = try EngineResponse(get: path, from: endpoint, patience: patience, place: place)
        switch response.status {
        case 200..<300: return response
        case 404: throw .notFound(what: what, place: "the container engine")
        default:
            let text = try response.text()
            let message = (try? JSONDocument(Array(text.utf8)).value["message"]?.string) ?? text
            throw .engine(place: place, reason: "status \(response.status): \(message)")
        }
    }

    // The reference becomes part of a request: only what references are made of, and nothing that could lead elsewhere.
    private func escaped(_ reference: String) throws(TransportError) -> String {
        let isAllowed = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "._-/:@".utf8.contains(byte)
            }
        }
        guard reference.utf8.allSatisfy(isAllowed), !reference.contains(".."), !reference.hasPrefix("/") else {
            throw .reference(reference, rule: "letters, digits and the signs . _ - / : @ are expected")
        }
        return reference
    }
}
