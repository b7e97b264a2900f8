/// One page of the list of restarts' Events (Kubernetes API concepts, "Retrieving large results sets in chunks").
struct EventPage: Equatable, Sendable {
    /// The most pages read of one list.
    static let most = 20

    let restarts: [RecordedRestart]
    /// What the next page is asked for with; nil on the last one.
    let next: String?

    /// Throws when the document isn't a list.
    init(_ document: JSON, controllerUID: String) throws(APIFailure) {
        switch document["items"] {
        case .array(let events)?: restarts = events.compactMap { RecordedRestart($0, controllerUID: controllerUID) }
        // How Go writes an empty list that was never made.
        case .null?: restarts = []
        default: throw .malformed("no items in it")
        }
        if case .string(let token)? = document["metadata"]?["continue"], !token.isEmpty {
            next = token
        } else {
            next = nil
        }
    }
}

extension RecordedRestart {
    // Reason and label are checked here too, in case a proxy or another server ignores the selectors.
    fileprivate init?(_ event: JSON, controllerUID: String) {
        guard event["reason"] == .string(PodEvent.restartReason), let metadata = event["metadata"],
            metadata["labels"]?[KubernetesRequest.controllerLabel] == .string(controllerUID)
        else { return nil }
        // The first is by the API server's clock, which is one for all pods.
        let times = [metadata["creationTimestamp"], event["lastTimestamp"], event["firstTimestamp"]]
        let time = times.lazy.compactMap { value -> WallTime? in
            guard case .string(let text)? = value else { return nil }
            return WallTime(rfc3339: text)
        }.first
        guard let time else { return nil }
        var (name, pod) = ("", String?.none)
        if case .string(let text)? = metadata["name"] { name = text }
        if case .string(let uid)? = event["involvedObject"]?["uid"] { pod = uid }
        self.init(event: name, time: time, podUID: pod)
    }
}
