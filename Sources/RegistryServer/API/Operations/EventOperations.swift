import ArtifactStore
import NIOHTTP1

/// The log as it grows.
enum EventOperations {
    static let all = [events]

    private static let events = APIOperation(
        path: "/events",
        name: "followEntries",
        summary: """
            Sends the entries of the log as server-sent events, from now on or behind `Last-Event-ID`: the event `entry` with \
            the entry's number as its id. Ends after a time; clients come again by themselves.
            """,
        parameters: [
            APIParameter(
                name: "after",
                about: "Begin behind this entry; Last-Event-ID counts more.",
                kind: .number(0...(1 << 53), standard: nil)
            ),
            APIParameter(
                name: "seconds",
                about: "End after so many seconds.",
                kind: .number(1...3600, standard: 3600)
            ),
        ],
        content: .events,
        isOfHistory: false
    ) { request, context in
        let last = request.head.headers.first(name: "Last-Event-ID") ?? request["after"]
        if let last {
            try APIParameter(name: "Last-Event-ID", about: "", kind: .number(0...(1 << 53), standard: nil)).check(last)
        }
        let after = try last.flatMap { Int64($0) } ?? context.store.lastEvent()
        let seconds = request["seconds"].flatMap { Int($0) } ?? 3600
        var answer = Answer(
            .ok,
            site: "text/event-stream",
            [],
            // A proxy that keeps answers back would keep these for ever.
            [("Cache-Control", "no-store"), ("X-Accel-Buffering", "no")]
        )
        answer.body = .events(EventStream(context.store, after: after, seconds: seconds))
        return answer
    }
}
