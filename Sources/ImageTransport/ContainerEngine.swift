internal import Foundation

/// The three questions that are asked of a container engine (Docker Engine API, "Export an image", "Export a container",
/// "Inspect a container").
struct ContainerEngine {
    let endpoint: EngineEndpoint

    /// What `docker save REF` gives, as an image source.
    ///
    /// The answer can't be read twice, so it goes through a file.
    func image(_ reference: String) throws(TransportError) -> DockerArchiveSource {
        let name = "docker-daemon:\(reference)"
        let response = try get("/images/\(try escaped(reference))/get", what: "image '\(reference)'", place: name)
        let file = try Spool.copy(response)
        return try DockerArchiveSource(TarIndex(file, path: name), reference: nil, name: name)
    }

    private func get(_ path: String, what: String, place: String) throws(TransportError) -> EngineResponse {
        let response = try EngineResponse(get: path, from: endpoint, place: place)
        switch response.status {
        case 200..<300: return response
        case 404: throw .notFound(what: what, place: "the container engine")
        default:
            struct Message: Decodable { let message: String }
            let text = try response.text()
            let message = (try? JSONDecoder().decode(Message.self, from: Data(text.utf8)))?.message ?? text
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
