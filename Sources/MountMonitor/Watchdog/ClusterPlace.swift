import NIOCore

/// Where in the cluster we are: the API server's address and our pod's name.
struct ClusterPlace: Equatable, Sendable {
    /// An IPv4 or IPv6 address without brackets and zone, or a name.
    let host: String
    /// The network interface that an IPv6 address belongs to (RFC 4007, section 11); nil where it doesn't say.
    let zone: String?
    let port: Int
    let namespace: String
    let pod: String
    /// What POD_NAMESPACE says where that isn't the account's namespace, which holds.
    let ignoredNamespace: String?

    /// From the variables that Kubernetes sets (KUBERNETES_SERVICE_HOST and _PORT) and those that the manifest sets
    /// (POD_NAME; POD_NAMESPACE where the account's file of its namespace is missing).
    init(account: ServiceAccount, environment: (String) -> String?) throws(APIFailure) {
        guard let host = environment("KUBERNETES_SERVICE_HOST") else {
            throw .setup("KUBERNETES_SERVICE_HOST is not set")
        }
        let port = environment("KUBERNETES_SERVICE_PORT") ?? "443"
        guard let number = Int(port), (1...65535).contains(number) else {
            throw .setup("KUBERNETES_SERVICE_PORT is not a port: \(JSON.string(port).text)")
        }
        guard let pod = environment("POD_NAME") else {
            throw .setup("POD_NAME is not set; the manifest sets it from metadata.name")
        }
        let named = environment("POD_NAMESPACE")
        let namespace: String
        do {
            namespace = try account.namespace()
        } catch {
            guard let named else { throw error }
            namespace = named
        }
        ignoredNamespace = named == namespace ? nil : named
        for (what, name) in [("POD_NAME", pod), ("the namespace", namespace)] {
            guard ClusterPlace.isName(name) else { throw .setup("\(what) is not a name: \(JSON.string(name).text)") }
        }
        let (address, zone) = ClusterPlace.parts(host)
        self.zone = zone
        // An IPv4 address written in IPv6 (RFC 4291, section 2.5.5.2) stands in certificates as it is without that.
        self.host = OperatingSystem.ipv4Address(mapped: address) ?? address
        self.port = number
        self.namespace = namespace
        self.pod = pod
    }

    // In brackets, as in a URL, the zone stands behind "%25" (RFC 6874, section 2), else behind "%".
    private static func parts(_ host: String) -> (address: String, zone: String?) {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let text = isBracketed ? host.dropFirst().dropLast() : Substring(host)
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].contains(":") else { return (String(text), nil) }
        let isEscaped = isBracketed && parts[1].hasPrefix("25") && parts[1].count > 2
        return (String(parts[0]), String(isEscaped ? parts[1].dropFirst(2) : parts[1]))
    }

    /// The address to connect to; nil where the host is a name.
    var address: SocketAddress? {
        get throws(APIFailure) {
            guard let zone else { return try? SocketAddress(ipAddress: host, port: port) }
            // By its number: the C library takes the names of interfaces for some addresses only.
            guard let number = OperatingSystem.interfaceNumber(zone) else {
                throw .unreachable("there is no network interface \(JSON.string(zone).text)")
            }
            return try? SocketAddress(ipAddress: number == 0 ? host : "\(host)%\(number)", port: port)
        }
    }

    // RFC 1123 subdomains, as Kubernetes names are: they stand in request paths.
    private static func isName(_ name: String) -> Bool {
        name.utf8.count <= 253
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy {
                        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
                    }
            }
    }
}
