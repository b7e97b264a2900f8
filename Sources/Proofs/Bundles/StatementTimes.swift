import ContentAddress
import OCI
import TransparencyLog

/// When a log has the statements that a bundle carries.
enum StatementTimes {
    /// The times of an excerpt's leaves, by the digests of the statements that they have; no leaf's lies before one above it.
    static func read(_ excerpt: LogExcerpt) -> [Digest: Timestamp] {
        var times: [Digest: Timestamp] = [:]
        var latest = Timestamp(milliseconds: .min)
        for entry in excerpt.entries {
            guard case .object(let event)? = try? JSONValue(parsing: entry.leaf), case .string(let text)? = event["at"],
                let time = Timestamp(rfc3339: text)
            else { continue }
            latest = max(latest, time)
            let member = event["what"] == .string("revoke") ? "statement" : "digest"
            guard case .string(let name)? = event[member], let digest = try? Digest(parsing: name) else { continue }
            times[digest] = times[digest] ?? latest
        }
        return times
    }
}
