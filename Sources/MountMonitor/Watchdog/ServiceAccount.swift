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
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .setup("\(directory)/token holds no token")
        }
        return text
    }

    /// The certificates, in PEM, that the API server's is checked against.
    func authorities() throws(APIFailure) -> [UInt8] { try bytes("ca.crt") }

    func namespace() throws(APIFailure) -> String {
        let name = try text("namespace")
        guard !name.isEmpty else { throw .setup("\(directory)/namespace is empty") }
        return name
    }

    private func text(_ name: String) throws(APIFailure) -> String {
        let text = String(decoding: try bytes(name), as: UTF8.self)
        let space: Set<Character> = [" ", "\n", "\r", "\r\n", "\t"]
        return String(text.drop { space.contains($0) }.reversed().drop { space.contains($0) }.reversed())
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
