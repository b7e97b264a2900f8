/// Asks the program that runs in this container, for a health check of Docker or Compose: the image has no curl.
enum ProbeClient {
    /// Longer than an answer may take that says anything about health.
    static let usualTimeout = GoDuration.seconds(5)
    /// A status with a thousand mounts has less.
    private static let longestAnswer = 1 << 20

    struct Answer: Equatable {
        let status: Int
        let body: String
    }

    struct Malformed: Error, CustomStringConvertible {
        let description = "it is not an HTTP answer"
    }

    /// Gets the path from this machine's port, by IPv4, else by IPv6.
    ///
    /// Blocks, no longer than the time-out for each call.
    static func ask(_ path: String, port: Int, timeout: GoDuration = usualTimeout) throws -> Answer {
        let request = "GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nConnection: close\r\n\r\n"
        let bytes = try OperatingSystem.exchange(
            Array(request.utf8),
            port: port,
            timeout: timeout,
            limit: longestAnswer
        )
        return try parse(String(decoding: bytes, as: UTF8.self))
    }

    /// Status and body of an HTTP answer.
    static func parse(_ text: String) throws -> Answer {
        let words = text.prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: " ")
        let halves = text.parts(separatedBy: "\r\n\r\n", maxSplits: 1)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]), halves.count == 2
        else { throw Malformed() }
        return Answer(status: status, body: String(halves[1]))
    }
}
