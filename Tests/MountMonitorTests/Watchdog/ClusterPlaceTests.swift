import Foundation
import NIOCore
import TestSupport
import Testing

@testable import MountMonitor

@Suite struct ClusterPlaceTests {
    private static let whole = [
        "KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "6443", "POD_NAME": "plex-0",
        "POD_NAMESPACE": "media",
    ]

    /// With one variable changed, or left out.
    private func place(_ variable: String, _ value: String?) throws(APIFailure) -> ClusterPlace {
        var environment = ClusterPlaceTests.whole
        environment[variable] = value
        let fixed = environment
        return try ClusterPlace(account: ServiceAccount(directory: "/nonexistent"), environment: { fixed[$0] })
    }

    @Test func readsWhatKubernetesSets() throws {
        let place = try place("HOME", nil)
        #expect(place.host == "10.0.0.1" && place.port == 6443 && place.pod == "plex-0" && place.namespace == "media")
        #expect(try self.place("KUBERNETES_SERVICE_PORT", nil).port == 443)
        #expect(try self.place("KUBERNETES_SERVICE_HOST", "[fd00::1]").host == "fd00::1")
        #expect(try self.place("KUBERNETES_SERVICE_HOST", "[::FFFF:10.0.0.2]").host == "10.0.0.2")
        #expect(try self.place("KUBERNETES_SERVICE_HOST", "::ffff:a00:2").host == "10.0.0.2")
    }

    @Test(
        "an IPv6 address may have a zone",
        arguments: [
            ("fe80::1%lo", "fe80::1", "lo", "fe80::1%1"), ("[fe80::1%25lo]", "fe80::1", "lo", "fe80::1%1"),
            ("[::1%1]", "::1", "1", "::1%1"), ("::1%25", "::1", "25", "::1%25"), ("fd00::1", "fd00::1", nil, "fd00::1"),
            ("name%lo", "name%lo", nil, nil),
        ] as [(String, String, String?, String?)]
    )
    func zones(host: String, address: String, zone: String?, connectsTo: String?) throws {
        let place = try place("KUBERNETES_SERVICE_HOST", host)
        #expect(place.host == address && place.zone == zone)
        #expect(try place.address == connectsTo.map { try SocketAddress(ipAddress: $0, port: 6443) })
    }

    @Test func anInterfaceThatIsNotThereIsAFailure() throws {
        let place = try place("KUBERNETES_SERVICE_HOST", "fe80::1%none")
        #expect(throws: APIFailure.unreachable(#"there is no network interface "none""#)) { _ = try place.address }
    }

    @Test(
        "a variable that is missing or makes no sense is named",
        arguments: [
            ("KUBERNETES_SERVICE_HOST", nil), ("KUBERNETES_SERVICE_PORT", "x"), ("KUBERNETES_SERVICE_PORT", "0"),
            ("POD_NAME", nil), ("POD_NAME", "a/../b"), ("POD_NAME", "A"), ("POD_NAME", "a\r\nX: y"),
            ("POD_NAMESPACE", nil), ("POD_NAMESPACE", "-x"),
        ] as [(String, String?)]
    )
    func names(variable: String, value: String?) throws {
        let failure = try #require(throws: APIFailure.self) { _ = try place(variable, value) }
        #expect(failure.description.contains(variable == "POD_NAMESPACE" ? "namespace" : variable))
    }

    @Test(
        "the namespace is the account's own",
        arguments: [
            ("media\n", "media", "media", nil), ("media", "other", "media", "other"), ("media", nil, "media", nil),
            (nil, "other", "other", nil), ("", "other", "other", nil),
        ] as [(String?, String?, String, String?)]
    )
    func namespaces(file: String?, variable: String?, namespace: String, ignored: String?) throws {
        try withTemporaryDirectory { directory in
            if let file { try Data(file.utf8).write(to: URL(fileURLWithPath: directory + "/namespace")) }
            var environment = ClusterPlaceTests.whole
            environment["POD_NAMESPACE"] = variable
            let fixed = environment
            let place = try ClusterPlace(account: ServiceAccount(directory: directory), environment: { fixed[$0] })
            #expect(place.namespace == namespace && place.ignoredNamespace == ignored)
        }
    }
}
