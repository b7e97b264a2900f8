import NIOHTTP1

/// A request to the API server, before it has its credentials.
struct KubernetesRequest: Equatable, Sendable {
    let method: HTTPMethod
    let path: String
    let body: JSON?

    /// The label by which the restarts of a controller's pods are found.
    static let controllerLabel = "mount-monitor.bindery.dev/controller-uid"

    var bodyText: String { body?.text ?? "" }

    /// "May I delete this pod?" or "may I create Events here?" (authorization.k8s.io/v1).
    static func accessReview(_ place: ClusterPlace, _ permission: Permission) -> KubernetesRequest {
        let (resource, name): (String, String?) =
            switch permission {
            case .deletePod: ("pods", place.pod)
            case .createEvents: ("events", nil)
            }
        let attributes = JSON.object(
            [
                .init("verb", .string(permission.rawValue)), .init("resource", .string(resource)),
                .init("namespace", .string(place.namespace)),
            ] + (name.map { [.init("name", .string($0))] } ?? [])
        )
        return KubernetesRequest(
            method: .POST,
            path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            body: .object([
                .init("apiVersion", .string("authorization.k8s.io/v1")),
                .init("kind", .string("SelfSubjectAccessReview")),
                .init("spec", .object([.init("resourceAttributes", attributes)])),
            ])
        )
    }

    static func pod(_ place: ClusterPlace) -> KubernetesRequest {
        KubernetesRequest(method: .GET, path: podPath(place), body: nil)
    }

    /// The most Events asked for in one answer.
    static let eventsPerPage = 500

    /// The Events of restarts of the controller's pods, from where the page before this one ended.
    static func restarts(_ place: ClusterPlace, controllerUID: String, continuing token: String?) -> KubernetesRequest {
        let label = "\(controllerLabel)=\(controllerUID)"
        let query = [
            ("labelSelector", label), ("fieldSelector", "reason=\(PodEvent.restartReason)"),
            ("limit", String(eventsPerPage)),
        ]
        let text = (query + (token.map { [("continue", $0)] } ?? [])).map { "\($0)=\(queryValue($1))" }
        return KubernetesRequest(method: .GET, path: "\(eventsPath(place))?\(text.joined(separator: "&"))", body: nil)
    }

    // Percent-encodes whatever isn't unreserved (RFC 3986, section 2.3).
    private static func queryValue(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { value, byte in
            if isAlphanumeric(byte) || "-._~".utf8.contains(byte) {
                value.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                value += ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }

    /// Without a grace period the pod's own holds; with a UID it deletes that pod and no successor.
    static func deletion(_ place: ClusterPlace, podUID: String?, gracePeriod: Int?) -> KubernetesRequest {
        var members: [JSON.Member] = [.init("apiVersion", .string("v1")), .init("kind", .string("DeleteOptions"))]
        if let gracePeriod { members.append(.init("gracePeriodSeconds", .integer(Int64(gracePeriod)))) }
        if let podUID { members.append(.init("preconditions", .object([.init("uid", .string(podUID))]))) }
        return KubernetesRequest(method: .DELETE, path: podPath(place), body: .object(members))
    }

    static func event(_ place: ClusterPlace, _ event: PodEvent) -> KubernetesRequest {
        var involved: [JSON.Member] = [
            .init("apiVersion", .string("v1")), .init("kind", .string("Pod")), .init("name", .string(place.pod)),
            .init("namespace", .string(place.namespace)),
        ]
        if let uid = event.podUID { involved.append(.init("uid", .string(uid))) }
        var metadata: [JSON.Member] = [
            .init("name", .string(event.name)), .init("namespace", .string(place.namespace)),
        ]
        if let uid = event.controllerUID, isLabelValue(uid) {
            metadata.append(.init("labels", .object([.init(controllerLabel, .string(uid))])))
        }
        return KubernetesRequest(
            method: .POST,
            path: eventsPath(place),
            body: .object([
                .init("apiVersion", .string("v1")), .init("kind", .string("Event")),
                .init("metadata", .object(metadata)),
                .init("involvedObject", .object(involved)),
                .init("reason", .string(event.reason)), .init("message", .string(cut(event.message))),
                .init("type", .string(event.kind.rawValue)),
                .init("firstTimestamp", .string(event.time.rfc3339)),
                .init("lastTimestamp", .string(event.time.rfc3339)),
                .init("count", .integer(1)),
                .init("source", .object([.init("component", .string("mount-monitor-watchdog"))])),
            ])
        )
    }

    private static func podPath(_ place: ClusterPlace) -> String {
        "/api/v1/namespaces/\(place.namespace)/pods/\(place.pod)"
    }

    private static func eventsPath(_ place: ClusterPlace) -> String { "/api/v1/namespaces/\(place.namespace)/events" }

    /// Whether Kubernetes takes the text as a label's value, so that it may also stand in a request's query.
    static func isLabelValue(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, isAlphanumeric(first), isAlphanumeric(last)
        else { return false }
        return text.utf8.count <= 63 && text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func cut(_ message: String) -> String {
        guard message.utf8.count > PodEvent.longestMessage else { return message }
        var text = ""
        for character in message {
            guard text.utf8.count + character.utf8.count <= PodEvent.longestMessage - 3 else { break }
            text.append(character)
        }
        return text + "…"
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
