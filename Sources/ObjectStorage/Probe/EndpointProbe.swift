import ContentAddress
import Synchronization

/// Tries what an endpoint really does, below `.bindery-probe/` of the location, and removes what it wrote.
///
/// Endpoints answer success to what they ignore, and one writer at a time sees no race: so each promise is tried by what
/// would break it, conditions by writers that begin together.
package struct EndpointProbe: Sendable {
    let client: ObjectStorageClient
    /// What all keys begin with.
    let root: String
    let rounds: Int
    // Written here, to be removed at the end.
    private let left = Leftovers()

    /// Writers that begin together; completions of uploads, each of which needs an upload of its own, are fewer.
    static let writers = 8
    static let uploads = 4
    /// How often what one writer sees is tried.
    static let repetitions = 4

    /// A probe of a client's place.
    ///
    /// `name` is one that nobody else has, such as random digits; `rounds` are those of each race.
    package init(_ client: ObjectStorageClient, name: String, rounds: Int) {
        self.client = client
        root = ".bindery-probe/\(name)/"
        self.rounds = rounds
    }

    /// Tries everything.
    ///
    /// Throws where nothing can be tried: no connection, bucket, credentials, or no right to write.
    package func run() throws(ObjectStorageError) -> EndpointReport {
        defer { cleanUp() }
        try put("first", Array("first".utf8))
        var checks: [EndpointReport.Check] = []
        for name in EndpointReport.Name.allCases {
            let (result, detail) = try outcome(of: name)
            checks.append(EndpointReport.Check(name: name, result: result, detail: detail))
        }
        return EndpointReport(checks: checks)
    }

    typealias Outcome = (EndpointReport.Result, String)

    private func outcome(of name: EndpointReport.Name) throws(ObjectStorageError) -> Outcome {
        do throws(ObjectStorageError) {
            return switch name {
            case .readAfterWrite: try readAfterWrite()
            case .checksums: try checksums()
            case .signedBodies: try signedBodies()
            case .storedChecksums: try storedChecksums()
            case .ranges: try ranges()
            case .list: try list()
            case .multipart: try multipart()
            case .partChecksums: try partChecksums()
            case .abort: try abort()
            case .conditionalPut: try conditionalPut()
            case .conditionalMultipart: try conditionalMultipart()
            case .presignedGet: try presignedGet()
            case .authentication: try authentication()
            case .lifecycle: try lifecycle()
            case .versions: try versions()
            }
        } catch {
            switch error {
            case .unreachable, .unfinished, .busy, .missingBucket, .region, .credentials, .noCredentials, .certificates,
                .location:
                throw error
            // Rules that nobody was told of can still be there.
            case .denied, .unsupported, .malformed:
                return (name == .lifecycle || name == .versions ? .unknown : .no, error.brief)
            case .notFound, .precondition, .damaged, .refused:
                return (.no, error.brief)
            }
        }
    }

    /// Writes an object that is removed at the end.
    func put(_ name: String, _ bytes: [UInt8], checksum: Digest? = nil) throws(ObjectStorageError) {
        try client.put(key(name), bytes, checksum: checksum)
    }

    /// The key of a name, which is removed at the end.
    func key(_ name: String) -> String {
        left.keys.withLock { _ = $0.insert(root + name) }
        return root + name
    }

    /// Begins an upload that is ended at the end.
    func beginUpload(_ name: String) throws(ObjectStorageError) -> MultipartUpload {
        let upload = try client.beginUpload(key(name))
        left.uploads.withLock { $0.append(upload) }
        return upload
    }

    // What can't be removed, or was ended already, isn't worth a failure: the checks say what the endpoint does.
    private func cleanUp() {
        for upload in left.uploads.withLock(\.self) { try? client.abort(upload) }
        for key in left.keys.withLock(\.self).sorted() { try? client.delete(key) }
    }

    private final class Leftovers: Sendable {
        let keys = Mutex<Set<String>>([])
        let uploads = Mutex<[MultipartUpload]>([])
    }
}
