import NIOCore
import TestSupport
import Testing

@testable import MountMonitor

/// Restarts of before, as the cluster's Events tell them.
@Suite(.serialized) struct RecordedRestartsTests {
    @Test func restartsAreCountedByTheirEvents() throws {
        func event(_ time: String, reason: String = "WatchdogRestart", uid: String = "rs-1") -> String {
            #"{"reason": "\#(reason)", "lastTimestamp": "2026-01-01T09:00:00Z", "involvedObject": {"uid": "p"}, "#
                + #""metadata": {"name": "e", "creationTimestamp": "\#(time)", "#
                + #""labels": {"mount-monitor.bindery.dev/controller-uid": "\#(uid)"}}}"#
        }
        let events = [
            event("2026-01-01T00:00:00Z"), event("2026-01-01T01:00:01.5+01:00"), event("nonsense"),
            event("2026-01-01T00:00:00Z", reason: "Killing"), event("2026-01-01T00:00:00Z", uid: "rs-2"),
        ]
        // In two pages.
        let pages = [events[..<1], events[1...]].enumerated().map { number, events in
            FakeCluster.answer(
                200,
                #"{"metadata": {"continue": "\#(number == 0 ? "a+b/=" : "")"}, "items": [\#(events.joined(separator: ","))]}"#
            )
        }
        try withCluster(answers: ["GET \(FakeCluster.events)": .array(pages)]) { cluster, group in
            let restarts = try cluster.client(group).restarts(controllerUID: "rs-1").wait()
            let times = [
                WallTime(seconds: TestClock.start), WallTime(seconds: TestClock.start + 1, nanoseconds: 500_000_000),
                // By lastTimestamp, where nothing better is there.
                WallTime(seconds: TestClock.start + 9 * 3600),
            ]
            #expect(restarts == times.map { RecordedRestart(event: "e", time: $0, podUID: "p") })
            let query =
                "labelSelector=mount-monitor.bindery.dev%2Fcontroller-uid%3Drs-1"
                + "&fieldSelector=reason%3DWatchdogRestart&limit=500"
            let queries = try cluster.requests().map { $0["query"] }
            #expect(queries == [.string(query), .string(query + "&continue=a%2Bb%2F%3D")])
        }
    }

    @Test func aListOfEventsThatDoesNotEndIsGivenUp() throws {
        let answer = FakeCluster.answer(200, #"{"metadata": {"continue": "x"}, "items": []}"#)
        try withCluster(answers: ["GET \(FakeCluster.events)": answer]) { cluster, group in
            #expect(throws: APIFailure.tooManyEvents(limit: 10_000)) {
                try cluster.client(group).restarts(controllerUID: "rs-1").wait()
            }
            let requests = try cluster.requests()
            #expect(requests.count == 20)
        }
    }
}
