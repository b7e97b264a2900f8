/// The files that Kubernetes lays into a pod for its service account.
struct ServiceAccount: Sendable {
    /// Where they lie in every cluster.
    static let defaultDirectory = "/var/run/secrets/kubernetes.io/serviceaccount"
    /// Longer than any token or bundle of certificates in use.
    static let longestFile = 1 << 20

    let directory: String

    init(directory: String = ServiceAccount.defaultDirectory) { self.directory = directory }

    /// Whether this is a pod: a token is there.
    var isPresent: Bool { (try? OperatingSystem.facts(path: directory + "/token")) != nil }

    /// The token of this moment; projected tokens are replaced while the pod runs.
    func token() throws(APIFailure) -> String {
        let text = try text("token")
        // What may stand in a header field (RFC 9110, section 5.5).
        let isValue = text.utf8.allSatisfy { $0 == UInt8(ascii: "\t") || ($0 >= 0x20 && $0 != 0x7F) }
        guard !text.isEmpty, isValue else { throw .setup("\(directory)/token holds no token") }
        return text
    }

    /// The certificates, in PEM, that the API server's is checked against.
    func authorities() throws(APIFailure) -> [UInt8] { try bytes("ca.crt") }

    func namespace() throws(APIFailure) -> String {
        let name = try text("namespace")
        guard !name.isEmpty else { throw .setup("\(directory)/namespace is empty") }
        return name
    }

    // Without the white space around it, as Go's TrimSpace takes it off.
    private func text(_ name: String) throws(APIFailure) -> String {
        let bytes = try bytes(name)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .setup("\(directory)/\(name) is not text in UTF-8")
        }
        let scalars = text.unicodeScalars
        let start = scalars.drop { $0.properties.isWhitespace }
        return String(String.UnicodeScalarView(start.reversed().drop { $0.properties.isWhitespace }.reversed()))
    }

    private func bytes(_ name: String) throws(APIFailure) -> [UInt8] {
        let bytes: [UInt8]?
        do {
            bytes = try OperatingSystem.contents(path: "\(directory)/\(name)", limit: ServiceAccount.longestFile).bytes
        } catch {
            throw .setup("\(error)")
        }
        guard let bytes else { throw .setup("\(directory)/\(name) is longer than 1 MiB") }
        return bytes
    }
}
