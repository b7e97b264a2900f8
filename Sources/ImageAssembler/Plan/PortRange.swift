/// Ports as `EXPOSE` writes them: `8080`, `53/udp`, `8000-8010/tcp`.
enum PortRange {
    /// The ports that a text means, `8080/tcp`, each with its protocol.
    ///
    /// An address or host port before the port, which Docker passes over, is refused.
    static func ports(_ text: String) throws(PlanProblem.Kind) -> [String] {
        if text.contains(":") {
            throw .differing("'\(text.prefix(64))' has more than a port: write 8080, 53/udp or 8000-8010/tcp")
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let scheme = parts.count > 1 && !parts[1].isEmpty ? parts[1].lowercased() : "tcp"
        let bounds = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(number)
        guard ["tcp", "udp", "sctp"].contains(scheme), let first = bounds[0], let last = bounds[bounds.count - 1],
            first <= last
        else {
            throw .failed("'\(text.prefix(64))' is not a port: write 8080, 53/udp or 8000-8010/tcp")
        }
        return (first...last).map { "\($0)/\(scheme)" }
    }

    private static func number(_ text: Substring) -> UInt16? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt16(text) : nil
    }
}

/// Signals as `STOPSIGNAL` writes them.
enum SignalName {
    private static let names: Set = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL",
        "PROF", "PWR", "QUIT", "RTMAX", "RTMIN", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN",
        "TTOU",
        "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
    ]

    /// Whether a text is a number or a name of a signal of Linux, with or without `SIG`, `RTMIN+3` among them.
    static func isKnown(_ text: String) -> Bool {
        if let number = Int(text) { return (1...64).contains(number) }
        var name = text.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        if names.contains(name) { return true }
        if name.hasPrefix("RTMIN+"), let offset = Int(name.dropFirst(6)) { return (1...15).contains(offset) }
        if name.hasPrefix("RTMAX-"), let offset = Int(name.dropFirst(6)) { return (1...14).contains(offset) }
        return false
    }
}
