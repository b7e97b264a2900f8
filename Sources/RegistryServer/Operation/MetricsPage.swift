import ArtifactStore
import Glibc
import NIOHTTP1
import OCI

/// What `GET /metrics` answers.
struct MetricsPage: Sendable {
    let store: Store
    let traffic: Traffic
    let figures: StoreFigures
    /// The bytes of uploads that haven't ended; nil where nothing is pushed.
    let uploads: @Sendable () throws -> Int64?

    /// The answer to GET.
    func answer() throws -> Answer {
        Answer(.ok, site: MetricsText.contentType, Array(try text().utf8), [("Cache-Control", "no-store")])
    }

    /// The page; what can't be read of the store throws.
    func text() throws -> String {
        var page = MetricsText()
        write(traffic.counts, to: &page)
        try writeStore(to: &page)
        writeProcess(to: &page)
        return page.text
    }

    private func write(_ counts: Traffic.Counts, to page: inout MetricsText) {
        page.family("http_requests_total", "counter", "Requests that ended; status 0 for those without an answer.")
        let groups = counts.requests.sorted {
            ($0.key.kind.rawValue, $0.key.method, $0.key.status) < ($1.key.kind.rawValue, $1.key.method, $1.key.status)
        }
        for (group, count) in groups {
            let labels = [("route", group.kind.rawValue), ("method", group.method), ("status", "\(group.status)")]
            page.sample("http_requests_total", labels, count)
        }
        let sums: [(String, String, [RequestKind: UInt64])] = [
            ("http_request_bytes_total", "Bytes of the contents of requests.", counts.taken),
            ("http_response_bytes_total", "Bytes of the contents of answers.", counts.sent),
        ]
        for (name, help, values) in sums {
            page.family(name, "counter", help)
            for kind in RequestKind.allCases {
                if let value = values[kind] { page.sample(name, [("route", kind.rawValue)], value) }
            }
        }
        let name = "http_request_duration_seconds"
        page.family(name, "histogram", "From a request's head to the end of its answer.")
        for kind in RequestKind.allCases {
            guard let times = counts.times[kind] else { continue }
            let label = ("route", kind.rawValue)
            var total: UInt64 = 0
            for (place, count) in times.counts.enumerated() {
                total &+= count
                let bound = place < Traffic.bounds.count ? "\(Traffic.bounds[place])" : "+Inf"
                page.sample(name + "_bucket", [label, ("le", bound)], total)
            }
            page.sample(name + "_sum", [label], times.sum)
            page.sample(name + "_count", [label], total)
        }
        page.gauge("http_requests_in_flight", "Requests that are being answered.", counts.inFlight)
    }

    private func writeStore(to page: inout MetricsText) throws {
        let usage = try figures.usage()
        page.family("blob_bytes", "gauge", "Bytes of blobs, each under the one reason that keeps it.")
        for item in usage { page.sample("blob_bytes", [("reason", item.reason.rawValue)], item.bytes) }
        page.family("blobs", "gauge", "Blobs, each under the one reason that keeps it.")
        for item in usage { page.sample("blobs", [("reason", item.reason.rawValue)], item.blobs) }
        if let bytes = try uploads() { page.gauge("upload_bytes", "Bytes of uploads that haven't ended.", bytes) }
        page.gauge("events", "Number of the last event of the log.", try store.lastEvent())
        let done = Dictionary(try store.upkeep().map { ($0.kind, $0) }) { first, _ in first }
        func seconds(_ kind: Upkeep.Kind) -> Int64 { (done[kind]?.finishedAt.milliseconds ?? 0) / 1000 }
        page.gauge(
            "last_verify_timestamp_seconds",
            "Time of the last whole verification, 0 for none.",
            seconds(.verify)
        )
        page.gauge(
            "last_verify_faults",
            "Faults that it found and didn't mend, 0 for none.",
            done[.verify]?.faults ?? 0
        )
        page.gauge(
            "last_collection_timestamp_seconds",
            "Time of the last collection, 0 for none.",
            seconds(.collect)
        )
        page.gauge("last_backup_timestamp_seconds", "Time of the last backup, 0 for none.", seconds(.backup))
    }

    private func writeProcess(to page: inout MetricsText) {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return }
        let seconds = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }
        page.family("process_cpu_seconds_total", "counter", "Processor time that the server took.")
        page.sample("process_cpu_seconds_total", [], seconds.reduce(0, +))
        page.gauge("process_peak_memory_bytes", "The most memory that it had.", Int64(usage.ru_maxrss) * 1024)
    }
}
