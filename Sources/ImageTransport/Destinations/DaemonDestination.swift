import ContentAddress
import JSON
package import OCI
import SystemIO

/// Writes `docker-daemon:REF`: loads the image into a container engine over its socket (Docker Engine API, "Import
/// images"), as `docker load` does.
///
/// The archive goes through a file: the engine wants its size, and a build that fails must not leave half an image
/// there.
package final class DaemonDestination: ImageDestination {
    /// The reference it was opened by.
    package let name: String
    private let endpoint: EngineEndpoint
    private let patience: Patience
    private let path: String
    private let archive: ArchiveDestination

    init(
        reference: ImageReference,
        endpoint: EngineEndpoint,
        patience: Patience = .engine
    ) throws(TransportError) {
        name = "docker-daemon:\(reference)"
        self.endpoint = endpoint
        self.patience = patience
        path = "\(Spool.directory)/bindery-load-\(UInt64.random(in: .min ... .max)).tar"
        archive = try ArchiveDestination.docker(path: path, reference: reference)
    }

    deinit {
        try? Directory.remove(path)
    }

    /// Whether a blob is in the archive already.
    package func has(_ descriptor: Descriptor) -> Bool { archive.has(descriptor) }

    /// Takes a blob.
    package func add(_ blob: BlobStream, _ descriptor: Descriptor) throws(TransportError) {
        try archive.add(blob, descriptor)
    }

    /// Loads the image.
    package func finish(_ image: ImageOutline) throws(TransportError) {
        try archive.finish(image)
        let connection = try EngineConnection(endpoint, patience: patience)
        try send(over: connection)
        let response = try EngineResponse(reading: connection, place: name)
        let text = try response.text(limit: 64 << 10)
        guard (200..<300).contains(response.status) else {
            throw .engine(place: name, reason: "status \(response.status): \(Self.message(text) ?? text)")
        }
        // The engine answers 200 before it has looked at the archive: what is wrong stands in the stream that follows.
        if let message = text.split(separator: "\n").lazy.compactMap({ Self.message(String($0)) }).first {
            throw .engine(place: name, reason: message)
        }
    }

    private func send(over connection: EngineConnection) throws(TransportError) {
        let file = try SharedFile.open(path, what: "the archive", place: path)
        let size = try file.size
        try connection.send(
            "POST /images/load?quiet=1 HTTP/1.1\r\nHost: docker\r\nUser-Agent: bindery\r\nConnection: close\r\n"
                + "Content-Type: application/x-tar\r\nContent-Length: \(size)\r\n\r\n"
        )
        try file.reader(count: size).forEachPiece { bytes throws(TransportError) in try connection.send(bytes) }
    }

    private static func message(_ line: String) -> String? {
        guard let answer = try? JSONDocument(Array(line.utf8)).value else { return nil }
        return answer["error"]?.string ?? answer["message"]?.string
    }
}
