import NIOHTTP1

/// How long a server asks its client to wait (RFC 9110, section 10.2.3).
enum RetryAfterField {
    /// Seconds, or the time from the answer's own Date to that date, since the server's clock may differ from this
    /// machine's.
    ///
    /// Nil where the field is missing or is neither.
    static func pause(_ headers: HTTPHeaders) -> GoDuration? {
        guard let value = headers.first(name: "Retry-After") else { return nil }
        if let seconds = Int64(value) { return .seconds(max(0, seconds)) }
        guard let until = WallTime(httpDate: value),
            let now = headers.first(name: "Date").flatMap({ WallTime(httpDate: $0) })
        else { return nil }
        return .seconds(max(0, until.seconds - now.seconds))
    }
}
