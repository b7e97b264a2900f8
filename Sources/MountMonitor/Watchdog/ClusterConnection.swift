import NIOCore

/// The way from this pod to its cluster.
enum ClusterConnection {
    /// What the cluster is asked for.
    enum Purpose {
        case restarts, events
    }

    /// The API of our pod, by the account's files and the environment; nil outside a cluster.
    ///
    /// Blocks for the account's files. Throws `APIFailure.setup` for what isn't as a cluster makes it; logs what is odd
    /// and means something.
    static func open(
        _ loop: any EventLoop,
        version: String,
        _ logger: Logger?,
        for purpose: Purpose,
        account: ServiceAccount = ServiceAccount(),
        environment: (String) -> String? = OperatingSystem.environment
    ) throws(APIFailure) -> (any PodAPI)? {
        guard account.isPresent else { return nil }
        if environment("POD_NAME") == nil, purpose == .restarts {
            logger?.log(
                .warn,
                "watchdog enabled but pod identity not configured",
                [
                    .init("pod_name_set", .bool(false)),
                    .init("pod_namespace_set", .bool(environment("POD_NAMESPACE") != nil)),
                    .init("hint", .string("set POD_NAME and POD_NAMESPACE env vars via Downward API")),
                ]
            )
        }
        let place = try ClusterPlace(account: account, environment: environment)
        if let ignored = place.ignoredNamespace {
            logger?.log(
                .warn,
                "POD_NAMESPACE is not the service account's namespace, which holds",
                [.init("pod_namespace", .string(ignored)), .init("namespace", .string(place.namespace))]
            )
        }
        return KubernetesClient(place: place, account: account, version: version, loop: loop)
    }
}
