import NIOEmbedded
import TestSupport
import Testing

@testable import MountMonitor

@Suite struct ClusterConnectionTests {
    private let whole = [
        "KUBERNETES_SERVICE_HOST": "10.0.0.1", "POD_NAME": "plex-0", "POD_NAMESPACE": "media",
    ]

    /// The pod that is found, and the warnings.
    private func open(
        _ environment: [String: String],
        for purpose: ClusterConnection.Purpose = .restarts,
        hasToken: Bool = true
    ) throws -> (pod: PodIdentity?, warnings: [JSON]) {
        try withTemporaryDirectory { directory in
            try Shell.run("printf media > namespace\(hasToken ? "; printf t > token" : "")", in: directory)
            let logs = LogCollector()
            let logger = logs.logger(.system)
            var pod: PodIdentity?
            do {
                pod = try ClusterConnection.open(
                    EmbeddedEventLoop(),
                    version: "1.2.3",
                    logger,
                    for: purpose,
                    account: ServiceAccount(directory: directory),
                    environment: { environment[$0] }
                )?.pod
            } catch APIFailure.setup {}
            logger.flush(within: .seconds(600))
            #expect(logs.records.allSatisfy { $0["level"] == .string("WARN") })
            return (pod, logs.records)
        }
    }

    @Test func aPodInAClusterIsFoundWithoutAWord() throws {
        let found = try open(whole)
        #expect(found.pod == PodIdentity(name: "plex-0", namespace: "media") && found.warnings.isEmpty)
    }

    @Test func withoutATokenThereIsNoCluster() throws {
        let found = try open(["POD_NAMESPACE": "other"], hasToken: false)
        #expect(found.pod == nil && found.warnings.isEmpty)
    }

    @Test func anotherNamespaceThanTheAccountsIsAWarning() throws {
        let found = try open(whole.merging(["POD_NAMESPACE": "other"]) { $1 })
        #expect(found.pod?.namespace == "media")
        #expect(found.warnings.count == 1)
        #expect(found.warnings.first?["pod_namespace"] == .string("other"))
        #expect(found.warnings.first?["namespace"] == .string("media"))
    }

    @Test(
        "a pod without a name is a warning where it is to be restarted",
        arguments: [
            (ClusterConnection.Purpose.restarts, 1), (.events, 0),
        ]
    )
    func withoutAName(purpose: ClusterConnection.Purpose, warnings: Int) throws {
        let found = try open(whole.filter { $0.key != "POD_NAME" }, for: purpose)
        #expect(found.pod == nil && found.warnings.count == warnings)
        #expect(
            found.warnings.allSatisfy { $0["msg"] == .string("watchdog enabled but pod identity not configured") }
        )
    }
}
