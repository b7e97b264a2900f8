internal import NIOHTTP1

/// A request to the API server, before it has its credentials.
struct APIRequest: Equatable, Sendable {
    let method: HTTPMethod
    let path: String
    let body: JSON?

    var bodyText: String { body?.text ?? "" }

    /// "May I delete this pod?" (authorization.k8s.io/v1).
    static func accessReview(_ place: ClusterPlace) -> APIRequest {
        let attributes = JSON.object([
            .init("verb", .string("delete")), .init("resource", .string("pods")),
            .init("namespace", .string(place.namespace)), .init("name", .string(place.pod)),
        ])
        return APIRequest(
            method: .POST,
            path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            body: .object([
                .init("apiVersion", .string("authorization.k8s.io/v1")),
                .init("kind", .string("SelfSubjectAccessReview")),
                .init("spec", .object([.init("resourceAttributes", attributes)])),
            ])
        )
    }

    static func pod(_ place: ClusterPlace) -> APIRequest {
        APIRequest(method: .GET, path: podPath(place), body: nil)
    }

    /// Says nothing about the grace period, so the pod's own holds; with a UID it deletes that pod and no successor.
    static func deletion(_ place: ClusterPlace, podUID: String?) -> APIRequest {
        var members: [JSON.Member] = [.init("apiVersion", .string("v1")), .init("kind", .string("DeleteOptions"))]
        if let podUID { members.append(.init("preconditions", .object([.init("uid", .string(podUID))]))) }
        return APIRequest(method: .DELETE, path: podPath(place), body: .object(members))
    }

    static func event(_ place: ClusterPlace, message: String, podUID: String?, at time: WallTime) -> APIRequest {
        var involved: [JSON.Member] = [
            .init("apiVersion", .string("v1")), .init("kind", .string("Pod")), .init("name", .string(place.pod)),
            .init("namespace", .string(place.namespace)),
        ]
        if let podUID { involved.append(.init("uid", .string(podUID))) }
        let name = "mount-monitor.\(time.seconds)\(String(1_000_000_000 + time.nanoseconds).dropFirst())"
        return APIRequest(
            method: .POST,
            path: "/api/v1/namespaces/\(place.namespace)/events",
            body: .object([
                .init("apiVersion", .string("v1")), .init("kind", .string("Event")),
                .init(
                    "metadata",
                    .object([.init("name", .string(name)), .init("namespace", .string(place.namespace))])
                ),
                .init("involvedObject", .object(involved)),
                .init("reason", .string("WatchdogRestart")), .init("message", .string(message)),
                .init("type", .string("Warning")),
                .init("firstTimestamp", .string(time.rfc3339)), .init("lastTimestamp", .string(time.rfc3339)),
                .init("count", .integer(1)),
                .init("source", .object([.init("component", .string("mount-monitor-watchdog"))])),
            ])
        )
    }

    private static func podPath(_ place: ClusterPlace) -> String {
        "/api/v1/namespaces/\(place.namespace)/pods/\(place.pod)"
    }

    /// What goes on the wire before the body.
    func head(_ place: ClusterPlace, token: String, version: String) -> HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
        let host = place.host.contains(":") ? "[\(place.host)]" : place.host
        head.headers.add(name: "Host", value: "\(host):\(place.port)")
        head.headers.add(name: "User-Agent", value: "mount-monitor/\(version)")
        head.headers.add(name: "Authorization", value: "Bearer \(token)")
        head.headers.add(name: "Accept", value: "application/json")
        head.headers.add(name: "Connection", value: "close")
        if body != nil {
            head.headers.add(name: "Content-Type", value: "application/json")
            head.headers.add(name: "Content-Length", value: String(bodyText.utf8.count))
        }
        return head
    }
}
