import SystemIO

/// What a source of `COPY` or `ADD` is.
enum SourceKind: Equatable {
    /// A path in the context, cleaned: `""` is the context itself.
    case path(String)
    /// An address that would be fetched.
    case address
    /// A path that leads out of the context.
    case outside

    /// Tells from the expanded text.
    init(_ source: String) {
        if Self.isAddress(source) {
            self = .address
            return
        }
        let components = PathComponents(source.utf8)
        self = components.leavesRoot ? .outside : .path(components.path)
    }

    // BuildKit takes these for something remote: URLs, and git's own forms (Dockerfile reference, "ADD", "Git").
    private static func isAddress(_ source: String) -> Bool {
        let lowered = source.lowercased()
        return ["http://", "https://", "ftp://", "git://", "ssh://", "github.com/"].contains { lowered.hasPrefix($0) }
            || isSCPStyle(lowered)
    }

    // user@host:path
    private static func isSCPStyle(_ source: String) -> Bool {
        guard let at = source.firstIndex(of: "@"), let colon = source[at...].firstIndex(of: ":") else { return false }
        return at > source.startIndex && !source[..<colon].contains("/")
    }
}
